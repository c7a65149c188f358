/**
 * What a VM is now, as `VM.stat` and the verification of power states see it.
 *
 * Source: xen-api, ocaml/xenopsd/xc/xenops_server_xen.ml. What makes a VM without a domain
 * suspended is the size of its image in the runtime record, and nothing else.
 *
 * @module
 */
import { HALTED, type PowerState, type Vm, type VmState } from "../xenops_interface/mod.ts";
import type { Dom } from "./dom.ts";
import type { Engine } from "./engine.ts";

const DOMAIN_TYPES = {
  HVM: "Domain_HVM",
  PV: "Domain_PV",
  PVinPVH: "Domain_PVinPVH",
  PVH: "Domain_PVH",
} as const;

export function powerState(engine: Engine, vm: string): PowerState {
  const dom = engine.world.hv.dom(vm);
  if (engine.rebooting.has(vm)) return "Running";
  if (dom === undefined) {
    const bytes = engine.db.extra(vm)?.suspend_memory_bytes ?? 0n;
    return bytes === 0n ? "Halted" : "Suspended";
  }
  if (!dom.paused || engine.quirks.has("X1-never-paused")) return "Running";
  return "Paused";
}

export function vmState(engine: Engine, vm: Vm): VmState {
  const dom = engine.world.hv.dom(vm.id);
  const power_state = powerState(engine, vm.id);
  if (dom === undefined) return { ...HALTED, power_state };
  const extra = engine.db.extra(vm.id);
  return {
    ...HALTED,
    power_state,
    domids: [dom.domid],
    ...visible(engine, dom),
    vcpu_target: dom.vcpus,
    shadow_multiplier_target: dom.shadow_multiplier,
    rtc_timeoffset: vm.ty[0] === "HVM" ? vm.ty[1].timeoffset : "",
    xsdata_state: dom.xsdata,
    pv_drivers_detected: extra?.pv_drivers_detected ?? false,
    last_start_time: extra?.last_start_time ?? 0,
    hvm: dom.hvm,
    nomigrate: extra?.nomigrate ?? false,
    nested_virt: extra?.nested_virt ?? false,
    domain_type: DOMAIN_TYPES[vm.ty[0]],
    numa_nodes: 1,
  };
}

function visible(engine: Engine, dom: Dom) {
  const isBare = engine.quirks.has("X3-no-consoles");
  return {
    consoles: isBare ? [] : dom.consoles,
    memory_target: isBare ? 0n : dom.memory_target,
    memory_actual: isBare ? 0n : dom.memory_actual,
    memory_limit: isBare ? 0n : dom.memory_limit,
  };
}
