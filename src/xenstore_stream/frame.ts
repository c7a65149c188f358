/**
 * Where records begin and end: what `type` and `len` say, and what a writer says there.
 *
 * Source: Xen, docs/designs/xenstore-migration.md, Records; tools/xenstored/watch.c for the
 * extended watches of 4.22.
 *
 * @module
 */
import type { OctetView } from "../bytes/octet_view.ts";
import { aligned, RECORD_HEADER_SIZE, type Shape } from "./layout.ts";
import { RECORD_TYPES } from "./record.ts";

/** A record: where its body is, its `len`, and where the next record begins. */
export interface Frame {
  readonly type: number;
  readonly body: number;
  readonly len: number;
  readonly next: number;
}

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(RECORD_TYPES).map(([name, type]) => [type, name]),
);

/** The name of a record type; of a reserved one its number. */
export function nameOfType(type: number): string {
  return NAMES.get(type) ?? `record of type 0x${type.toString(16).padStart(2, "0")}`;
}

/** The record at `at`, whose header is inside; its body may be not. */
export function frameAt(view: OctetView, at: number, shape: Shape): Frame {
  const type = view.u32(at);
  const len = view.u32(at + 4);
  return { type, len, body: at + RECORD_HEADER_SIZE, next: nextAt(view, at, shape) };
}

/** Where the record behind that at `at` begins. */
export function nextAt(view: OctetView, at: number, shape: Shape): number {
  const len = view.u32(at + 4);
  const body = at + RECORD_HEADER_SIZE;
  const isShort = shape.watchHead === 8 && view.u32(at) === RECORD_TYPES.WATCH_DATA_EXTENDED;
  if (isShort && body + 8 <= view.octets.length && shape.layout !== "draft") {
    return body + aligned(8 + view.u16(body + 4) + view.u16(body + 6));
  }
  return body + (shape.lengths === "packed" ? len : aligned(len));
}

/** The `len` that a writer gives to a body whose fields take `size` octets. */
export function usualLength(type: number, size: number, shape: Shape): number {
  const isShort = type === RECORD_TYPES.WATCH_DATA_EXTENDED && shape.watchHead === 8;
  // 4.22 counts the head of 12 octets that it does not write.
  const counted = isShort ? size + 4 : size;
  return shape.lengths === "padded" ? aligned(counted) : counted;
}
