/**
 * The xenstore migration stream: what a xenstored hands to its successor in a live update.
 *
 * @module
 */
export { type Belief, detect } from "./detect.ts";
export {
  type DomLine,
  DUMP_IDENT,
  type Dump,
  type DumpLine,
  type EvtchnLine,
  type GlobalLine,
  type IgnoredLine,
  type SocketLine,
  type StoreLine,
  type WatchLine,
} from "./dump.ts";
export { isDump, readDump } from "./dump_reader.ts";
export { writeDump } from "./dump_writer.ts";
export { StreamError, WriteError } from "./error.ts";
export { type Forced, LAYOUT_NAMES, ORDER_NAMES } from "./forced.ts";
export type { Holds } from "./holds.ts";
export { type Inspection, inspect, recordsJson } from "./inspect.ts";
export {
  aligned,
  type Layout,
  type Lengths,
  type Order,
  RECORD_HEADER_SIZE,
  RECORDS_MAX,
  type Shape,
  STREAM_SIZE_MAX,
  type Stream,
  type WatchHead,
} from "./layout.ts";
export { CHANGES_MAX, type Change } from "./ledger.ts";
export { isStream, type ReadOptions, readStream } from "./reader.ts";
export type { Reading } from "./reading.ts";
export {
  ACCESS_READ,
  ACCESS_WRITTEN,
  type ConnectionData,
  DEPTH_UNLIMITED,
  DOMID_INVALID,
  type DomainData,
  type End,
  type Framed,
  type GlobalData,
  type GlobalQuotaData,
  type Kept,
  type NodeData,
  type Opaque,
  PERM_STALE,
  type Perm,
  type Quota,
  RECORD_TYPES,
  type ReservedSpec,
  type RingSpec,
  type SocketSpec,
  type StreamRecord,
  type TransactionData,
  type WatchData,
  type WatchDataExtended,
} from "./record.ts";
export { bodySize } from "./record_writer.ts";
export { ADDED_NODES_MAX } from "./relate_nodes.ts";
export { type Repair, repair } from "./repair.ts";
export { RepairError } from "./repair_error.ts";
export { RULES, type Rule, type RuleCode } from "./rules.ts";
export { recordText } from "./table.ts";
export { TARGET_NAMES } from "./target.ts";
export { type Verdict, verify } from "./verify.ts";
export { VIOLATIONS_MAX, type Violation } from "./violation.ts";
export { type StreamToWrite, writeStream } from "./writer.ts";
