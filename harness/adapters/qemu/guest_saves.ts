/**
 * Guests that were booted and carried away, each once for all readers, after a run without
 * migration has shown that they can do at all what is asked of them.
 *
 * @module
 */
import { RefusedError, type Timer, type Took } from "../../adapter.ts";
import { GuestDead } from "./guest.ts";
import { GuestFiles } from "./guest_files.ts";
import { booted, type Carried, carry, control, type GuestMode } from "./guest_modes.ts";
import type { Program } from "./installation.ts";
import { MonitorError, MonitorLost } from "./monitor.ts";
import { untimed } from "./untimed.ts";

/** A machine of a release, with a guest in one of the modes. */
export interface GuestPlan {
  /** Plans with the same key give the same machine. */
  readonly key: string;
  readonly program: Program;
  readonly args: readonly string[];
  readonly mode: GuestMode;
}

export interface FirstGuest extends Carried {
  /** As its greeting says. */
  readonly version: string;
  readonly package: string;
  /** Its way out alone. */
  readonly took: Took | undefined;
}

/** Guests that are kept: plans put the readers of one one behind the other. */
const KEPT_MAX = 24;

export class GuestSaves {
  #timer = untimed;
  readonly #kept = new Map<string, Promise<FirstGuest>>();
  readonly #controls = new Map<string, Promise<string | null>>();

  /** The guest of `plan`; throws as `Rig.start` does. */
  of(plan: GuestPlan): Promise<FirstGuest> {
    const known = this.#kept.get(plan.key);
    if (known !== undefined) return known;
    const made = this.#make(plan);
    this.#kept.set(plan.key, made);
    const [oldest = ""] = this.#kept.keys();
    if (this.#kept.size > KEPT_MAX) this.#kept.delete(oldest);
    return made;
  }

  /** What is wrong without migration, or null. */
  control(plan: GuestPlan): Promise<string | null> {
    let known = this.#controls.get(plan.key);
    if (known === undefined) {
      known = controlled(plan);
      this.#controls.set(plan.key, known);
    }
    return known;
  }

  timeWith(timer: Timer): void {
    this.#timer = timer;
  }

  /** The next guest of each plan is a new one, with a new run without migration. */
  forget(): void {
    this.#kept.clear();
    this.#controls.clear();
  }

  async #make(plan: GuestPlan): Promise<FirstGuest> {
    const wrong = await this.control(plan);
    if (wrong !== null) throw new RefusedError(`absent: without migration, ${wrong}`);
    using files = new GuestFiles();
    const machine = { ...plan, files };
    await using guest = await booted(plan.program, machine);
    const { version, package: name } = guest.emulator;
    const { answer: carried, took } = await this.#timer(() => carry(guest, machine));
    return { ...carried, version, package: name, took };
  }
}

async function controlled(plan: GuestPlan): Promise<string | null> {
  using files = new GuestFiles();
  try {
    await control(plan.program, { ...plan, files });
    return null;
  } catch (error) {
    const isAnswer =
      error instanceof GuestDead || error instanceof MonitorLost || error instanceof MonitorError;
    if (isAnswer) return error.message;
    throw error;
  }
}
