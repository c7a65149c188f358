/**
 * Crashes: the process dies before, in or after a step of save or restore. A crash in a save ends
 * the machine, and what the guest was promised must be on its disks. After a crash in a restore the
 * host starts OpenHCL once more with the same state.
 *
 * Method: as in tests of crash consistency, every step is a point at which durable effects (device,
 * pool, file, host) may be half done.
 *
 * @module
 */
import { ALL_OR_NOTHING, SAVE_CRASHES } from "./fairness.ts";
import type { Fair, Fault, FaultTime } from "./fault.ts";

const SOURCE = "openvmm Guide, reference/architecture/openhcl_servicing.md, Servicing Lifecycle";

/** Steps of a save, in an order that some release has, and the devices that a step needs. */
export const SAVE_STEPS: readonly string[] = [
  "stop",
  "emuplat",
  "dma",
  "nvme",
  "units",
  "mana",
  "vmgs",
  "client",
  "shutdown",
  "logs",
  "send",
];

/** Steps of a restore. */
export const RESTORE_STEPS: readonly string[] = [
  "fetch",
  "vmgs",
  "dma",
  "nvme",
  "emuplat",
  "network",
  "client",
  "disks",
  "validate",
  "units",
  "resume",
];

const KINDS = ["crash-before", "crash-in", "crash-after"];

/** Steps that only some machines take. */
const DEVICES: Readonly<Record<string, readonly string[]>> = {
  nvme: ["nvme", "nvme+mana"],
  disks: ["nvme", "nvme+mana"],
  mana: ["nvme+mana"],
  network: ["nvme+mana"],
  client: ["relay"],
};

export const CRASH_FAULTS: readonly Fault[] = [
  ...SAVE_STEPS.flatMap((step) => crashes(step, "save", SAVE_CRASHES)),
  ...RESTORE_STEPS.flatMap((step) => crashes(step, "restore", ALL_OR_NOTHING)),
];

function crashes(step: string, time: FaultTime, fair: Fair): Fault[] {
  const devices = DEVICES[step];
  return KINDS.map((kind) => ({
    place: step,
    kind,
    time,
    meaning: `The process dies ${kind.slice("crash-".length)} the step ${step} of the ${time}`,
    source: SOURCE,
    ...(devices === undefined ? {} : { devices }),
    fair,
  }));
}
