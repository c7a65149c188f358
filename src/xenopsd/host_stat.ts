/**
 * The host that the machine runs on.
 *
 * @module
 */
import type { Host } from "../xenops_interface/mod.ts";

const FEATURES = "17cbfbff-f7fa3223-2d93fbff-00000023-00000001-000007ab-00000000-00000000";

export const HOST_STAT: Host = {
  cpu_info: {
    cpu_count: 8,
    socket_count: 1,
    threads_per_core: 2,
    vendor: "GenuineIntel",
    speed: "2400.000",
    modelname: "Model",
    family: "6",
    model: "85",
    stepping: "4",
    flags: "",
    features: FEATURES,
    features_pv: FEATURES,
    features_hvm: FEATURES,
    features_pv_host: FEATURES,
    features_hvm_host: FEATURES,
  },
  hypervisor: { version: "4.17", capabilities: "xen-3.0-x86_64 hvm-3.0-x86_64" },
  chipset_info: { iommu: true, hvm: true },
};
