/**
 * How the domain of a VM is made: kept in its runtime record since 2017, made from its
 * configuration where an older one lacks it.
 *
 * Source: xen-api, ocaml/xenopsd/xc/xenops_server_xen.ml.
 *
 * @module
 */
import { RpcDict, type RpcValue, type Vm, XenopsError } from "../xenops_interface/mod.ts";
import type { VmExtra } from "./vm_extra.ts";

/** Devices that Xen emulates itself for an HVM guest. */
const EMULATED: readonly string[] = [
  "LAPIC",
  "HPET",
  "PM",
  "RTC",
  "IOAPIC",
  "PIC",
  "VGA",
  "IOMMU",
  "PIT",
  "USE_PIRQ",
].map((name) => `X86_EMU_${name}`);

/** The configuration for a domain that is created again; one of PV-in-PVH cannot be guessed. */
export function domainConfigOf(extra: VmExtra, vm: Vm): RpcValue {
  if (extra.domain_config !== undefined) return extra.domain_config;
  if (vm.ty[0] === "PVinPVH") {
    throw new XenopsError("Internal_error", `VM = ${vm.id}; no domain_config for PVinPVH`);
  }
  return newDomainConfig(vm);
}

/** The configuration for a domain of a VM that starts now. */
export function newDomainConfig(vm: Vm): RpcValue {
  const [kind] = vm.ty;
  const flags = kind === "HVM" ? EMULATED : kind === "PV" ? [] : ["X86_EMU_LAPIC"];
  return ["X86", new RpcDict([["emulation_flags", flags]])];
}
