/**
 * The xenstore migration stream: what a xenstored hands to its successor in a live update.
 *
 * @module
 */
export { StreamError, WriteError } from "./error.ts";
export {
  type Layout,
  type Lengths,
  type Order,
  RECORDS_MAX,
  type Shape,
  STREAM_SIZE_MAX,
  type Stream,
  type WatchHead,
} from "./layout.ts";
export { isStream, type ReadOptions, readStream } from "./reader.ts";
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
export { type StreamToWrite, writeStream } from "./writer.ts";
