/**
 * What a suspend image holds, as JSON shows it, and a line for each unit.
 *
 * @module
 */
import { toHex } from "../bytes/hex.ts";
import type { Image, Unit } from "./image.ts";
import { tpmStateOf } from "./tpm_state.ts";
import type { UnitName } from "./unit_table.ts";
import { WRITER_ORDER } from "./writer.ts";

/** Octets of an opaque record that are shown. */
const SHOWN = 32;
/** Characters of a text that are in a line. */
const LINE_TEXT = 60;

export type Shown = null | string | number | readonly Shown[] | { readonly [name: string]: Shown };

export interface ShownUnit {
  readonly offset: number;
  readonly type: string;
  readonly name: UnitName;
  readonly length: number;
  readonly fields: { readonly [name: string]: Shown };
}

/** A unit with the fields that are known of it; of what is opaque, its size and its beginning. */
export function shownUnit(unit: Unit): ShownUnit {
  const { offset, name, length } = unit;
  const type = `0x${unit.type.toString(16).padStart(4, "0")}`;
  return { offset, type, name, length, fields: fieldsOf(unit) };
}

export function unitLine({ offset, name, length, fields }: ShownUnit): string {
  const texts = Object.entries(fields).map(([field, value]) => {
    const text = JSON.stringify(value);
    return `${field}=${text.length > LINE_TEXT ? `${text.slice(0, LINE_TEXT)}…` : text}`;
  });
  return [`${offset}`, name, `${length}`, ...texts].join(" ");
}

/** Units that no writer has in this order; every reader takes them all the same. */
export function outOfOrder({ units, layout }: Image): readonly { unit: Unit; before: UnitName }[] {
  if (layout === "legacy") return [];
  return units.flatMap((unit, index) => {
    const before = units[index - 1]?.name;
    if (before === undefined || placeOf(unit.name) > placeOf(before)) return [];
    return [{ unit, before }];
  });
}

function placeOf(name: UnitName): number {
  // Memory is in one place, whatever its format.
  return WRITER_ORDER.indexOf(name === "Libxc_legacy" ? "Libxc" : name);
}

function fieldsOf(unit: Unit): ShownUnit["fields"] {
  const { name, libxc, xenops } = unit;
  if (libxc !== undefined) return { ...libxc };
  if (xenops !== undefined) {
    const { time, word_size, vm_str = null, xs_subtree = null } = xenops;
    return { time, word_size, vm_str, xs_subtree };
  }
  if (name === "End_of_image") return {};
  const state = tpmStateOf(unit);
  return { octets: state.length, begins: { hex: toHex(state.subarray(0, SHOWN)) } };
}
