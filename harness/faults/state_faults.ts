/**
 * Faults of what the host keeps between two hops: the saved state itself, and the machine around
 * it.
 *
 * @module
 */
import {
  ALL_OR_NOTHING,
  ALL_WITH_ERRORS,
  ANYTHING,
  HARMLESS,
  RESTORE_REFUSED,
} from "./fairness.ts";
import type { Fair, Fault } from "./fault.ts";

const PRINCIPLES = "openvmm Guide, dev_guide/contrib/save-state.md, Save State First Principles";
const POOL = "openvmm, openhcl/openhcl_boot/src/host_params/dt/mod.rs, VTL2 pool";
const NVME_DRIVER = "openvmm, vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs";
const MANA = "openvmm, openhcl/underhill_core/src/worker.rs, new_underhill_vm (MANA)";
const SERVICING_TESTS = "openvmm, vmm_tests, multiarch/openhcl_servicing.rs";
const WITH_NVME = ["nvme", "nvme+mana"];

/** Whoever holds the state can only break it; the format has neither checksum nor identity. */
const STATE_FAULTS: readonly Fault[] = [
  state("truncated", "Half of the state is lost", RESTORE_REFUSED),
  state("torn", "The second half of the state was never written", RESTORE_REFUSED),
  state("doubled", "The state is there twice, one behind the other", RESTORE_REFUSED),
  state("flipped", "One bit of the state has changed", {
    save: ["done"],
    restore: ["done", "refused"],
    guest: "anything",
  }),
  state("stale", "The state of an earlier save, after which the machine has gone on", ANYTHING),
  state("foreign", "The state of another machine of the same kind", ANYTHING),
  state("unknown-fields", "The state has fields that no release knows", HARMLESS),
];

function state(kind: string, meaning: string, fair: Fair): Fault {
  return { place: "state", kind, time: "between", meaning, source: PRINCIPLES, fair };
}

const SURROUNDINGS: readonly Fault[] = [
  ofPool("moved", "The host gives the pool another place"),
  ofPool("shrunk", "The host gives the pool less memory"),
  ofPool("split", "The pool lies on two NUMA nodes now"),
  between(
    "processors",
    "fewer",
    "The machine has two processors less",
    NVME_DRIVER,
    ALL_OR_NOTHING,
  ),
  between("processors", "more", "The machine has four more processors", NVME_DRIVER, HARMLESS),
  ofNvme("host", "resets-devices", "The host has reset every device meanwhile", ALL_WITH_ERRORS),
  {
    ...between("nic", "reset", "The host has reset a network device", MANA, ALL_WITH_ERRORS),
    devices: ["nvme+mana"],
  },
  ofNvme("controller", "missing", "A controller is gone", ALL_WITH_ERRORS),
  ofNvme("controller", "new", "There is one more controller", HARMLESS),
  ofNvme("namespace", "new", "A controller has one more namespace", HARMLESS),
  ofNvme("namespace", "gone", "A namespace is gone", ALL_WITH_ERRORS),
  ofNvme("namespace", "grown", "A namespace has grown", HARMLESS),
];

function between(place: string, kind: string, meaning: string, source: string, fair: Fair): Fault {
  return { place, kind, time: "between", meaning, source, fair, alters: true };
}

/** Newer releases keep the ranges of their pool, so that an older one is the first to notice. */
function ofPool(kind: string, meaning: string): Fault {
  return { ...between("pool", kind, meaning, POOL, ALL_OR_NOTHING), lasting: true };
}

function ofNvme(place: string, kind: string, meaning: string, fair: Fair): Fault {
  return { ...between(place, kind, meaning, SERVICING_TESTS, fair), devices: WITH_NVME };
}

export const BETWEEN_FAULTS: readonly Fault[] = [...STATE_FAULTS, ...SURROUNDINGS];
