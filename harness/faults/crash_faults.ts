/**
 * Crashes: the process dies before, in or after a step of save or restore. A crash in a save ends
 * the machine, and what the guest was promised must be on its disks. After a crash in a restore the
 * host starts OpenHCL once more with the same state.
 *
 * Method: as in tests of crash consistency, every step is a point at which durable effects (device,
 * pool, file, host) may be half done. Steps that have one effect only have no inside.
 *
 * @module
 */
import { ALL_OR_NOTHING, HARMLESS, SAVE_CRASHES } from "./fairness.ts";
import type { Fair, Fault, FaultTime } from "./fault.ts";

const SOURCE = "openvmm Guide, reference/architecture/openhcl_servicing.md, Servicing Lifecycle";

/** A step, as it is called in names. */
interface Step {
  readonly name: string;
  /** It has several effects, between which a process can die. */
  readonly inside?: true;
  /** Device sets whose machines take the step, where not all do. */
  readonly devices?: readonly string[];
}

const WITH_NVME = ["nvme", "nvme+mana"];

/** Steps of a save, in an order that some release has. */
export const SAVE_STEPS: readonly Step[] = [
  { name: "stop" },
  { name: "emuplat" },
  { name: "dma" },
  { name: "nvme", inside: true, devices: WITH_NVME },
  { name: "units", inside: true },
  { name: "mana", devices: ["nvme+mana"] },
  { name: "vmgs" },
  { name: "client", inside: true, devices: ["relay"] },
  { name: "shutdown", inside: true },
  { name: "logs" },
  { name: "send" },
];

/** Steps of a restore. */
export const RESTORE_STEPS: readonly Step[] = [
  { name: "fetch" },
  { name: "vmgs" },
  { name: "dma" },
  { name: "nvme", inside: true, devices: WITH_NVME },
  { name: "emuplat" },
  { name: "network", devices: ["nvme+mana"] },
  { name: "client", devices: ["relay"] },
  { name: "disks", inside: true, devices: WITH_NVME },
  { name: "validate" },
  { name: "units", inside: true },
  { name: "resume" },
];

const KINDS = ["crash-before", "crash-in", "crash-after"];

export const CRASH_FAULTS: readonly Fault[] = [
  ...SAVE_STEPS.flatMap((step) => crashes(step, "save", SAVE_CRASHES)),
  ...RESTORE_STEPS.flatMap((step) => crashes(step, "restore", ALL_OR_NOTHING)),
];

function crashes({ name, inside, devices }: Step, time: FaultTime, fair: Fair): Fault[] {
  return KINDS.filter((kind) => inside === true || kind !== "crash-in").map((kind) => ({
    place: name,
    kind,
    time,
    meaning: `The process dies ${kind.slice("crash-".length)} the step ${name} of the ${time}`,
    source: SOURCE,
    ...(devices === undefined ? {} : { devices }),
    // Once the host has the state, it is about to end the process itself.
    fair: name === "send" && kind === "crash-after" ? HARMLESS : fair,
    // The guest runs by then, and the state knows nothing of what it does.
    ...(name === "resume" && kind === "crash-after" ? { lasting: true as const } : {}),
  }));
}
