/**
 * GUIDs as text and as the struct that is saved. Text is lower case without braces.
 *
 * Source: support/guid/src/lib.rs.
 *
 * @module
 */
import type { Guid } from "../openhcl_state/mod.ts";

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Where the two digits of each octet of `data4` begin. */
const DATA4_AT = [19, 21, 24, 26, 28, 30, 32, 34];

/** The struct of `text`. */
export function guid(text: string): Guid {
  if (!FORM.test(text)) {
    throw new SyntaxError(
      `Cannot read GUID as text must be 32 lower-case hex digits in 5 groups: ` +
        `current value is ${text}`,
    );
  }
  const data4 = new Uint8Array(DATA4_AT.length);
  for (const [index, at] of DATA4_AT.entries()) data4[index] = hexAt(text, at, 2);
  return { data1: hexAt(text, 0, 8), data2: hexAt(text, 9, 4), data3: hexAt(text, 14, 4), data4 };
}

function hexAt(text: string, at: number, digits: number): number {
  return Number.parseInt(text.slice(at, at + digits), 16);
}

/** The text of `value`. */
export function guidText({ data1, data2, data3, data4 }: Guid): string {
  let text = `${hex(data1, 8)}-${hex(data2, 4)}-${hex(data3, 4)}-`;
  for (const [index, octet] of data4.entries()) text += (index === 2 ? "-" : "") + hex(octet, 2);
  return text;
}

export function sameGuid(left: Guid, right: Guid): boolean {
  if (left.data1 !== right.data1 || left.data2 !== right.data2 || left.data3 !== right.data3) {
    return false;
  }
  for (let at = 0; at < left.data4.length; at++) {
    if (left.data4[at] !== right.data4[at]) return false;
  }
  return true;
}

const OCTETS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, "0"));

function hex(value: number, digits: number): string {
  return digits === 2 ? (OCTETS[value] ?? "") : value.toString(16).padStart(digits, "0");
}
