/**
 * Changes of a saved state between the old daemon and the new one: what a disk, another program or
 * a release to come may have made of it. Each is a function of the octets alone.
 *
 * @module
 */
import { readStream } from "../../../src/xenstore_stream/mod.ts";
import { BINARY } from "./binary_faults.ts";
import type { Dialect } from "./releases.ts";
import { TEXT } from "./text_faults.ts";

/** The faults there are, by what is saved. */
export const STREAM_FAULTS: Readonly<Record<Dialect, readonly string[]>> = {
  c: Object.keys(BINARY).map(faultName),
  ocaml: Object.keys(TEXT).map(faultName),
};

/** `state` as the fault leaves it. */
export function spoilt(fault: string, dialect: Dialect, state: Uint8Array): Uint8Array {
  const [, kind = ""] = fault.split(":");
  const changed =
    dialect === "c" ? BINARY[kind]?.(readStream(state)) : TEXT[kind]?.(Buffer.from(state));
  if (changed !== undefined) return changed;
  throw new RangeError(`Cannot spoil a state of ${dialect} by what it has not: ${fault}`);
}

function faultName(kind: string): string {
  return `stream:${kind}:restore`;
}
