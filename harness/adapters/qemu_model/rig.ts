/**
 * One machine of the migration design on its way from release to release.
 *
 * @module
 */
import {
  deliver,
  Machine,
  type Make,
  machineTypeOf,
  putToWork,
  type Release,
  referenceSteps,
  releaseOf,
  seenOf,
  sentBy,
  TransformError,
  VisitError,
} from "../../../src/qemu/mod.ts";
import {
  RefusedError,
  type Rig,
  type RunningMachine,
  type SavedState,
  SaveError,
} from "../../adapter.ts";
import type { Condition } from "../../condition.ts";
import type { Hop } from "../../path.ts";
import { DEVICE_SETS, IMPLEMENTATION } from "./space.ts";

const STEPS = referenceSteps();

export class QemuModelRig implements Rig {
  readonly #settings: Condition["settings"];
  /** Everything that anybody on the way has said to be lost. */
  #lost: readonly string[] = [];

  constructor(settings: Condition["settings"]) {
    this.#settings = settings;
  }

  start(hop: Hop): Promise<RunningMachine> {
    const machine = new Machine(this.#make(hop));
    putToWork(machine);
    return Promise.resolve(this.#running(machine));
  }

  restore(hop: Hop, { bytes, writer }: SavedState): Promise<RunningMachine> {
    const machine = new Machine(this.#make(hop));
    try {
      const lost = deliver(bytes, releaseOf(writer.release), machine, STEPS);
      this.#lost = [...this.#lost, ...lost];
    } catch (error) {
      if (error instanceof VisitError || error instanceof TransformError) {
        return Promise.reject(new RefusedError(error.message));
      }
      throw error;
    }
    return Promise.resolve(this.#running(machine));
  }

  #make({ release }: Hop): Make {
    const found = releaseOf(release);
    return {
      release: found,
      type: machineTypeOf(this.#settings.machine ?? ""),
      devices: devicesOf(found, this.#settings),
    };
  }

  #running(machine: Machine): RunningMachine {
    const { name: release } = machine.make.release;
    return {
      release,
      board: { seen: () => seenOf(machine), lost: this.#lost },
      observe: { ticks: [], volatile: [], look: () => Promise.resolve(seenOf(machine)) },
      save: () =>
        new Promise((resolve) => {
          const bytes = saved(machine, this.#settings.handshake === "capabilities");
          const writer = { implementation: IMPLEMENTATION, release };
          resolve({ writer, codec: "qemu-model", bytes });
        }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

/** Of the devices that are asked for, those that `release` has. */
export function devicesOf(release: Release, settings: Condition["settings"]): readonly string[] {
  const asked = DEVICE_SETS[settings.devices ?? ""] ?? [];
  return asked.filter((name) => Object.hasOwn(release.devices, name));
}

/** A machine that cannot leave runs on. */
function saved(machine: Machine, negotiates: boolean): Uint8Array {
  try {
    return sentBy(machine, negotiates);
  } catch (error) {
    if (error instanceof VisitError) throw new SaveError(error.message, true);
    throw error;
  }
}
