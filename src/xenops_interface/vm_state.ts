/**
 * What a VM is at a time: `Vm.state`. No field has a default, so each must be on the wire.
 *
 * Source: xen-api, `xenops_types.ml`.
 *
 * @module
 */
import { BOOL, FLOAT, INT, INT64, STRING, type TypeOf } from "./codec.ts";
import { record } from "./record.ts";
import { kv, list, tuple } from "./shapes.ts";
import { variant } from "./variant.ts";

export const POWER_STATE = variant("a power state", {
  Running: null,
  Halted: null,
  Suspended: null,
  Paused: null,
});
export type PowerState = TypeOf<typeof POWER_STATE>;

export const VM_CONSOLE = record("a console", {
  protocol: variant("a protocol", { Rfb: null, Vt100: null }),
  port: INT,
  path: STRING,
});

const DOMAIN_TYPE = variant("a domain type", {
  Domain_HVM: null,
  Domain_PV: null,
  Domain_PVinPVH: null,
  Domain_PVH: null,
  Domain_undefined: null,
});

export const VM_STATE = record("the state of a VM", {
  power_state: POWER_STATE,
  domids: list(INT),
  consoles: list(VM_CONSOLE),
  memory_target: INT64,
  memory_actual: INT64,
  memory_limit: INT64,
  vcpu_target: INT,
  shadow_multiplier_target: FLOAT,
  rtc_timeoffset: STRING,
  uncooperative_balloon_driver: BOOL,
  guest_agent: kv(STRING),
  xsdata_state: kv(STRING),
  pv_drivers_detected: BOOL,
  last_start_time: FLOAT,
  hvm: BOOL,
  nomigrate: BOOL,
  nested_virt: BOOL,
  domain_type: DOMAIN_TYPE,
  featureset: STRING,
  numa_optimised: BOOL,
  numa_nodes: INT,
  /** Node and octets of memory on it. */
  numa_node_memory: list(tuple(INT, INT64)),
});
export type VmState = TypeOf<typeof VM_STATE>;

/** The state of a VM without a domain. */
export const HALTED: VmState = Object.freeze({
  power_state: "Halted",
  domids: [],
  consoles: [],
  memory_target: 0n,
  memory_actual: 0n,
  memory_limit: 0n,
  vcpu_target: 0,
  shadow_multiplier_target: 1,
  rtc_timeoffset: "",
  uncooperative_balloon_driver: false,
  guest_agent: [],
  xsdata_state: [],
  pv_drivers_detected: false,
  last_start_time: 0,
  hvm: false,
  nomigrate: false,
  nested_virt: false,
  domain_type: "Domain_undefined",
  featureset: "",
  numa_optimised: false,
  numa_nodes: 0,
  numa_node_memory: [],
});
