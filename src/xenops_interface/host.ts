/**
 * What the service says of itself and of its host.
 *
 * Source: xen-api, `xenops_interface.ml`.
 *
 * @module
 */
import { BOOL, INT, STRING, type TypeOf } from "./codec.ts";
import { record } from "./record.ts";
import { kv, list } from "./shapes.ts";
import { variant } from "./variant.ts";

export const QUERY = record("a query", {
  name: STRING,
  vendor: STRING,
  version: STRING,
  features: list(STRING),
  /** New for each process: the only sign of a restart. */
  instance_id: STRING,
});
export type Query = TypeOf<typeof QUERY>;

const CPU_INFO = record("processors", {
  cpu_count: INT,
  socket_count: INT,
  threads_per_core: INT,
  vendor: STRING,
  speed: STRING,
  modelname: STRING,
  family: STRING,
  model: STRING,
  stepping: STRING,
  flags: STRING,
  features: STRING,
  features_pv: STRING,
  features_hvm: STRING,
  features_pv_host: STRING,
  features_hvm_host: STRING,
});

export const HOST = record("a host", {
  cpu_info: CPU_INFO,
  hypervisor: record("a hypervisor", { version: STRING, capabilities: STRING }),
  chipset_info: record("a chipset", { iommu: BOOL, hvm: BOOL }),
});
export type Host = TypeOf<typeof HOST>;

export const GUEST_AGENT_FEATURE = record("a feature", {
  name: STRING,
  licensed: BOOL,
  parameters: kv(STRING),
});

export const NUMA_AFFINITY_POLICY = variant("a policy", { Any: null, Best_effort: null });
