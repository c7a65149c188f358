/**
 * Faults of a save: test hooks of the product, parts that cannot be saved, machines that must not
 * be, and a host that does not take the state.
 *
 * Source: microsoft/openvmm Guide, reference/architecture/openhcl_servicing.md (Error Handling,
 * Test Scenarios); underhill_core/src/dispatch/mod.rs.
 *
 * @module
 */
import {
  ALL_OR_NOTHING,
  HARMLESS,
  RESTORE_REFUSED,
  SAVE_CRASHES,
  SAVE_ENDS_SOMEHOW,
  SAVE_REFUSED,
} from "./fairness.ts";
import type { Fault } from "./fault.ts";

const GUIDE = "openvmm Guide, reference/architecture/openhcl_servicing.md";
const DISPATCH = "openvmm, underhill_core/src/dispatch/mod.rs";
const UNITS = "openvmm, vmm_core/state_unit/src/lib.rs";
const WITH_NVME = ["nvme", "nvme+mana"];

export const SAVE_FAULTS: readonly Fault[] = [
  {
    place: "servicing",
    kind: "stuck",
    time: "save",
    meaning: "The save waits forever before it does anything",
    source: `${GUIDE}, Test Scenarios, SaveStuck`,
    fair: SAVE_ENDS_SOMEHOW,
  },
  {
    place: "servicing",
    kind: "fail",
    time: "save",
    meaning: "The save fails after everything was saved",
    source: `${GUIDE}, Test Scenarios, SaveFail`,
    fair: SAVE_REFUSED,
  },
  {
    place: "units",
    kind: "slow",
    time: "save",
    meaning: "The units take longer than the host's timeout",
    source: `${GUIDE}, Timeout Handling`,
    fair: { ...ALL_OR_NOTHING, save: ["done", "refused"], restore: ["done"] },
  },
  {
    place: "host",
    kind: "no-timeout",
    time: "save",
    meaning: "The host sets no timeout (65,535 s), and the units take a while",
    source: `${DISPATCH}, timeout_hint`,
    fair: HARMLESS,
  },
  {
    place: "machine",
    kind: "isolated",
    time: "save",
    meaning: "The machine is isolated, and such a machine cannot be serviced",
    source: `${DISPATCH}, handle_servicing_inner`,
    fair: SAVE_REFUSED,
  },
  {
    place: "machine",
    kind: "paused",
    time: "save",
    meaning: "An operator has paused the machine",
    source: `${DISPATCH}, handle_servicing_inner`,
    fair: SAVE_REFUSED,
  },
  {
    place: "nvme",
    kind: "unsavable",
    time: "save",
    meaning: "An NVMe driver cannot be saved",
    source: `${GUIDE}, Save Failures`,
    devices: WITH_NVME,
    fair: { save: ["done", "refused"], restore: ["done"], guest: "nothing" },
  },
  {
    place: "queue",
    kind: "unsavable",
    time: "save",
    meaning: "One I/O queue of an NVMe driver cannot be saved",
    source: "openvmm, nvme_driver/src/driver.rs, DriverWorkerTask::save",
    devices: WITH_NVME,
    fair: { save: ["done", "refused"], restore: ["done"], guest: "nothing" },
  },
  {
    place: "unit",
    kind: "unsavable",
    time: "save",
    meaning: "A state unit cannot be saved",
    source: `${GUIDE}, Save Failures`,
    fair: SAVE_REFUSED,
  },
  {
    place: "vmgs",
    kind: "unsavable",
    time: "save",
    meaning: "The guest-state file does not take its last write",
    source: `${DISPATCH}, vmgs save failed`,
    fair: { ...SAVE_REFUSED, save: ["refused", "done"], restore: ["done"] },
  },
  {
    place: "logs",
    kind: "late",
    time: "save",
    meaning: "The logs cannot be flushed within their time",
    source: `${DISPATCH}, flush_logs_result`,
    fair: HARMLESS,
  },
  {
    place: "pci",
    kind: "held",
    time: "save",
    meaning: "A driver does not let go of its PCI device when all is saved",
    source: "openvmm, underhill_core, pci_shutdown, ShutdownError",
    fair: SAVE_REFUSED,
  },
  {
    place: "host",
    kind: "rejects",
    time: "save",
    meaning: "The host does not take the state that it asked for",
    source: `${DISPATCH}, send_servicing_state`,
    fair: { ...SAVE_ENDS_SOMEHOW, save: ["refused", "crashed"] },
  },
  {
    place: "host",
    kind: "kills",
    time: "save",
    meaning: "The host ends OpenHCL in the middle of the save, as after a deadline",
    source: `${GUIDE}, Timeout Handling: host may force termination`,
    fair: SAVE_CRASHES,
  },
  {
    place: "unit",
    kind: "unknown",
    time: "between",
    meaning: "The saved list has a unit that no reader knows",
    source: UNITS,
    fair: RESTORE_REFUSED,
  },
  {
    place: "unit",
    kind: "twice",
    time: "between",
    meaning: "The saved list has a unit twice",
    source: UNITS,
    fair: RESTORE_REFUSED,
  },
  {
    place: "unit",
    kind: "missing",
    time: "between",
    meaning: "The saved list lacks a unit that the reader has",
    source: UNITS,
    fair: { ...HARMLESS, guest: "anything" },
  },
];
