/**
 * Whether a record is what its type says beyond its lengths: by that, layouts are told from each
 * other.
 *
 * @module
 */
import { StreamError } from "./error.ts";
import type { WatchHead } from "./layout.ts";
import { ReadNode } from "./node.ts";
import { nodePathFault, watchPathFault } from "./path.ts";
import type { StreamRecord } from "./record.ts";

/** Paths are such, strings have no NUL inside, and END is empty; or a `StreamError` is thrown. */
export function demandConsistent(
  octets: Uint8Array,
  record: StreamRecord,
  watchHead: WatchHead,
): void {
  const offset = record.offset ?? 0;
  if (record.kind === "END" && record.length !== undefined) {
    throw new StreamError("must be empty", offset, "END");
  }
  if (record instanceof ReadNode) {
    const end = record.pathAt + record.pathLength - 1;
    const fault = nodePathFault(octets, record.pathAt, end);
    if (fault !== undefined) throw new StreamError(fault, record.pathAt, "NODE_DATA.path");
    return;
  }
  if (record.kind !== "WATCH_DATA" && record.kind !== "WATCH_DATA_EXTENDED") return;
  const at = offset + 8 + (record.kind === "WATCH_DATA" ? 8 : watchHead);
  const fault =
    watchPathFault(octets, at, at + record.path.length) ??
    (record.token.includes("\0") ? "must have no NUL in its token" : undefined);
  if (fault !== undefined) throw new StreamError(fault, at, `${record.kind}.wpath`);
}
