/**
 * The runtime record of a VM that starts now.
 *
 * @module
 */
import type { Vm } from "../xenops_interface/mod.ts";
import type { VmExtra } from "./vm_extra.ts";

/** Naples, the newest there is. */
const VERSION = 2;

export function newExtra(vm: Vm, nowSeconds: number): VmExtra {
  const profile = vm.ty[0] === "PV" ? "Qemu_none" : "Qemu_upstream_compat";
  return {
    version: VERSION,
    ty: vm.ty,
    build_info: undefined,
    domain_config: undefined,
    last_start_time: nowSeconds,
    nomigrate: false,
    nested_virt: false,
    profile,
    original_profile: profile,
    suspend_memory_bytes: 0n,
    platformdata: vm.platformdata,
    pv_drivers_detected: false,
  };
}
