/**
 * A XenStore daemon as a deterministic machine: octets in, octets out.
 *
 * @module
 */
export type { Connection } from "./connection.ts";
export { Daemon } from "./daemon.ts";
export type { DaemonOptions } from "./daemon_options.ts";
export type { Update } from "./live_update.ts";
export { PROFILES } from "./profiles_table.ts";
export type { Profile } from "./request.ts";
export { restore } from "./restore.ts";
export { save } from "./save.ts";
export type { SaveOptions } from "./save_options.ts";
export {
  encodeMessage,
  HEADER_LENGTH,
  lengthAt,
  type Message,
  messageAt,
  PAYLOAD_MAX,
  TYPE,
  type TypeName,
} from "./wire.ts";
