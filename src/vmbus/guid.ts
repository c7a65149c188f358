/**
 * GUIDs as text and as the struct that is saved. Text is lower case without braces.
 *
 * Source: support/guid/src/lib.rs.
 *
 * @module
 */
import type { Guid } from "../openhcl_state/mod.ts";

const FORM = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;

/** The struct of `text`. */
export function guid(text: string): Guid {
  const parts = FORM.exec(text);
  if (parts === null) {
    throw new SyntaxError(
      `Cannot read GUID as text must be 32 lower-case hex digits in 5 groups: ` +
        `current value is ${text}`,
    );
  }
  const [, first = "", second = "", third = "", fourth = "", fifth = ""] = parts;
  const octets = (fourth + fifth).match(/../g) ?? [];
  return {
    data1: Number.parseInt(first, 16),
    data2: Number.parseInt(second, 16),
    data3: Number.parseInt(third, 16),
    data4: Uint8Array.from(octets, (octet) => Number.parseInt(octet, 16)),
  };
}

/** The text of `value`. */
export function guidText({ data1, data2, data3, data4 }: Guid): string {
  let text = `${hex(data1, 8)}-${hex(data2, 4)}-${hex(data3, 4)}-`;
  for (const [index, octet] of data4.entries()) text += (index === 2 ? "-" : "") + hex(octet, 2);
  return text;
}

const OCTETS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, "0"));

function hex(value: number, digits: number): string {
  return digits === 2 ? (OCTETS[value] ?? "") : value.toString(16).padStart(digits, "0");
}
