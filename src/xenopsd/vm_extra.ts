/**
 * What is known of a VM for as long as it runs or is suspended.
 *
 * @module
 */
import {
  BOOL,
  BUILDER_INFO,
  defaulted,
  FLOAT,
  INT,
  INT64,
  kv,
  masked,
  RPC,
  record,
  STRING,
  type TypeOf,
} from "../xenops_interface/mod.ts";

export const EXTRA = record("a runtime record", {
  version: defaulted(INT, 0),
  build_info: masked(RPC),
  ty: masked(BUILDER_INFO),
  last_start_time: defaulted(FLOAT, 0),
  domain_config: masked(RPC),
  nomigrate: defaulted(BOOL, false),
  nested_virt: defaulted(BOOL, false),
  profile: masked(STRING),
  original_profile: masked(STRING),
  suspend_memory_bytes: defaulted(INT64, 0n),
  platformdata: defaulted(kv(STRING), []),
  pv_drivers_detected: defaulted(BOOL, false),
});
export type VmExtra = TypeOf<typeof EXTRA>;
