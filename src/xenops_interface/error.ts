/**
 * What a call, or a task, fails with.
 *
 * Source: xen-api, `xenops_interface.ml`, `Errors.error`. A tag that is not known is read as
 * `Unknown_error`: that is what an older client makes of a newer server's.
 *
 * @module
 */
import { type Codec, FLOAT, INT, INT64, STRING } from "./codec.ts";
import { writeJson } from "./json_writer.ts";
import type { RpcValue } from "./rpc.ts";
import { list, tuple } from "./shapes.ts";
import { variant } from "./variant.ts";
import { POWER_STATE } from "./vm_state.ts";

const PAIR = tuple(STRING, STRING);
const TRIPLE = tuple(STRING, STRING, STRING);

const MEMBERS = {
  Already_exists: PAIR,
  Does_not_exist: PAIR,
  Unimplemented: STRING,
  Domain_not_built: null,
  Invalid_vcpus: INT,
  /** What was found and what is expected. */
  Bad_power_state: tuple(POWER_STATE, POWER_STATE),
  Failed_to_acknowledge_shutdown_request: null,
  Failed_to_acknowledge_suspend_request: null,
  Failed_to_shutdown: tuple(STRING, FLOAT),
  Failed_to_suspend: tuple(STRING, FLOAT),
  Device_is_connected: null,
  Device_not_connected: null,
  Device_detach_rejected: TRIPLE,
  Media_not_ejectable: null,
  Media_present: null,
  Media_not_present: null,
  No_bootable_device: null,
  Bootloader_error: PAIR,
  Cannot_free_this_much_memory: tuple(INT64, INT64),
  Vms_failed_to_cooperate: list(STRING),
  IO_error: null,
  Failed_to_contact_remote_service: STRING,
  /** Script, reason, output and exit code. */
  Hook_failed: tuple(STRING, STRING, STRING, STRING),
  Not_enough_memory: INT64,
  Cancelled: STRING,
  Storage_backend_error: tuple(STRING, list(STRING)),
  PCIBack_not_loaded: null,
  Failed_to_run_script: STRING,
  Failed_to_start_emulator: TRIPLE,
  Ballooning_timeout_before_migration: null,
  Internal_error: STRING,
  Unknown_error: null,
};

const CHECKED = variant("an error", MEMBERS, "Unknown_error");

export type ErrorTag = keyof typeof MEMBERS;

/** An error of the interface. */
export class XenopsError extends Error {
  readonly tag: ErrorTag;
  /** As on the wire; null when the tag has none. */
  readonly payload: RpcValue;

  constructor(tag: ErrorTag, payload: RpcValue = null) {
    // They are answers, and many; where in our code one came up is of no use and only costs.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(payload === null ? tag : `${tag} ${writeJson(payload)}`);
    Error.stackTraceLimit = limit;
    this.tag = tag;
    this.payload = payload;
  }
}

export const ERROR: Codec<XenopsError> = {
  name: CHECKED.name,
  encode: ({ tag, payload }) => (payload === null ? tag : [tag, payload]),
  decode(rpc) {
    const value = CHECKED.encode(CHECKED.decode(rpc));
    const [tag, payload] = (typeof value === "string" ? [value, null] : value) as [
      ErrorTag,
      RpcValue,
    ];
    return new XenopsError(tag, payload);
  },
};

/** Whatever is thrown: what is no error of the interface is an `Internal_error`. */
export function errorOf(thrown: unknown): XenopsError {
  if (thrown instanceof XenopsError) return thrown;
  return new XenopsError("Internal_error", thrown instanceof Error ? thrown.message : `${thrown}`);
}
