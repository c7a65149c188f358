/**
 * The runtime record of a VM that starts now, and of one that was suspended before there was any.
 *
 * Source: xen-api, ocaml/xenopsd/xc/xenops_server_xen.ml (generate_state_string).
 *
 * @module
 */
import { type Vm, writeJson } from "../xenops_interface/mod.ts";
import { newBuildInfo } from "./build_info.ts";
import { newDomainConfig } from "./domain_config.ts";
import { platformDeviceOf, profileOf, valueAt } from "./profile.ts";
import { EMPTY, NAPLES, PERSISTENT, type VmExtra } from "./vm_extra.ts";

/** Of a VM that starts now, by the newest writer unless `version` says another. */
export function newExtra(vm: Vm, nowSeconds: number, version = NAPLES): VmExtra {
  const profile = profileOf(vm);
  const extra: VmExtra = {
    ...EMPTY,
    version,
    build_info: newBuildInfo(vm),
    ty: vm.ty,
    last_start_time: nowSeconds,
    domain_config: newDomainConfig(vm),
    nomigrate: isSet(vm, "nomigrate"),
    nested_virt: isSet(vm, "nested-virt"),
    profile,
    original_profile: profile,
    pci_msitranslate: vm.pci_msitranslate,
    pci_power_mgmt: vm.pci_power_mgmt,
    platformdata: vm.platformdata,
  };
  return vm.ty[0] === "HVM" ? { ...extra, xen_platform: platformDeviceOf(extra) } : extra;
}

/** The text that stands for the record of a VM that was suspended without one. */
export function generateStateString(vm: Vm): string {
  const extra: VmExtra = { ...EMPTY, build_info: newBuildInfo(vm), ty: vm.ty };
  return writeJson(PERSISTENT.encode({ ...extra, profile: profileOf(vm) }));
}

function isSet({ platformdata }: Vm, key: string): boolean {
  return /^(?:true|1)$/.test(valueAt(platformdata, key) ?? "");
}
