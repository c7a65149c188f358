/**
 * What a saved state says is in the store.
 *
 * @module
 */
import {
  isDump,
  isStream,
  type Perm,
  readDump,
  readStream,
  StreamError,
} from "../../../src/xenstore_stream/mod.ts";
import type { XenstoreContents } from "../../facets/xenstore.ts";

const NOTHING: XenstoreContents = { nodes: [], domids: [] };

/** The contents of `state`; nothing when it cannot be read. */
export function contentsOf(state: Uint8Array): XenstoreContents {
  try {
    if (isStream(state)) return ofStream(state);
    if (isDump(state)) return ofDump(state);
    return NOTHING;
  } catch (error) {
    if (error instanceof StreamError) return NOTHING;
    throw error;
  }
}

function ofStream(state: Uint8Array): XenstoreContents {
  const { records } = readStream(state);
  return {
    nodes: records.flatMap((record) =>
      record.kind === "NODE_DATA" && record.connId === 0 ? [nodeOf(record)] : [],
    ),
    domids: records.flatMap((record) =>
      record.kind === "CONNECTION_DATA" && record.spec.type === "ring" ? [record.spec.domid] : [],
    ),
  };
}

function ofDump(state: Uint8Array): XenstoreContents {
  const { lines } = readDump(state);
  return {
    nodes: lines.flatMap((line) => (line.kind === "store" ? [nodeOf(line)] : [])),
    domids: lines.flatMap((line) => (line.kind === "dom" ? [line.domid] : [])),
  };
}

function nodeOf({
  path,
  perms,
  value,
}: {
  readonly path: string;
  readonly perms: readonly Perm[];
  readonly value: Uint8Array;
}) {
  return {
    path,
    value: Buffer.from(value).toString("latin1"),
    list: perms.map(({ perm, domid }) => `${perm}${domid}`),
  };
}
