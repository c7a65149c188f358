/**
 * How a journey begins: a machine is booted, prepared, looked at and saved for the first time.
 * Journeys that begin alike share it where the rig can be copied; every one goes on from a copy.
 *
 * @module
 */
import type { Rig, RunningMachine, SavedState } from "./adapter.ts";
import type { Axis } from "./axis.ts";
import { type Condition, settingsAt } from "./condition.ts";
import { neutralOf } from "./condition_name.ts";
import { DONE, Inquiry, type Surroundings } from "./inquiry.ts";
import { type Lookers, type Notes, notesOf } from "./notes.ts";
import type { Outcome } from "./oracle.ts";
import { NotAsked, textOf } from "./outcome.ts";
import { hopName } from "./path.ts";
import type { TranscriptLine } from "./report.ts";
import type { Preparation } from "./scenario.ts";
import { guidOf, seedOf } from "./seed.ts";
import { isThenable } from "./thenable.ts";

/** How far a journey came with its first save. */
export interface Prologue {
  readonly rig: Rig;
  /** False when the machine did not boot; `save` is then how its boot ended. */
  readonly started: boolean;
  /** The writer whose save failed, running or not. */
  readonly machine?: RunningMachine;
  readonly correlationId: string;
  readonly save: Outcome;
  readonly saved?: SavedState;
  readonly notes: Notes;
  readonly transcript: readonly TranscriptLine[];
}

/** What a journey begins with. */
export interface Beginning {
  readonly condition: Condition;
  readonly preparation: Preparation | undefined;
  /** Who looks at the writer before the save. */
  readonly lookers: Lookers;
}

/** Prologues that are kept: plans put those that begin alike one after the other. */
const KEPT_MAX = 4;

export class Prologues implements AsyncDisposable {
  readonly #shared: Surroundings;
  /** Oldest first. */
  readonly #kept = new Map<string, Prologue & Pick<Beginning, "preparation" | "lookers">>();

  constructor(shared: Surroundings) {
    this.#shared = shared;
  }

  /** The prologue of a journey, whose inquiry then tells of it; to be given back. */
  async take(beginning: Beginning, inquiry: Inquiry): Promise<Prologue> {
    const key = keyOf(beginning.condition, this.#shared.axes);
    const known = this.#kept.get(key);
    const { preparation, lookers } = beginning;
    if (known?.preparation === preparation && known?.lookers === lookers) {
      inquiry.transcript.push(...known.transcript);
      return known;
    }
    const prologue = await new Opening(this.#shared, beginning, key, inquiry).play();
    if (prologue.rig.fork === undefined) return prologue;
    if (known !== undefined) await this.#forget(key);
    this.#kept.set(key, { ...prologue, preparation, lookers });
    const [oldest = key] = this.#kept.keys();
    if (this.#kept.size > KEPT_MAX) await this.#forget(oldest);
    return prologue;
  }

  /** A journey is over; `inquiry` told of it. */
  async giveBack(prologue: Prologue, inquiry: Inquiry): Promise<void> {
    if (prologue.rig.fork !== undefined) return;
    try {
      await this.#end(prologue);
    } finally {
      inquiry.noteKept(prologue.rig);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const key of this.#kept.keys()) await this.#forget(key);
  }

  async #forget(key: string): Promise<void> {
    const prologue = this.#kept.get(key);
    this.#kept.delete(key);
    if (prologue !== undefined) await this.#end(prologue);
  }

  async #end({ machine, rig }: Prologue): Promise<void> {
    const inquiry = new Inquiry(this.#shared.watchdog);
    try {
      await inquiry.dispose(machine);
    } finally {
      await inquiry.disposeRig(rig);
    }
  }
}

/** Conditions with the same text begin alike; seeds and correlation ids derive from it, too. */
function keyOf({ path: [first], settings }: Condition, axes: readonly Axis[]): string {
  const neutral = neutralOf(axes);
  let key = `${first.implementation}@${hopName(first, neutral)}`;
  for (const axis in settings) {
    if (settings[axis] !== neutral[axis]) key += ` ${axis}=${settings[axis]}`;
  }
  return key;
}

/** Plays one prologue. */
class Opening {
  readonly #shared: Surroundings;
  readonly #beginning: Beginning;
  readonly #name: string;
  readonly #inquiry: Inquiry;
  readonly #correlationId: string;

  constructor(shared: Surroundings, beginning: Beginning, name: string, inquiry: Inquiry) {
    this.#shared = shared;
    this.#beginning = beginning;
    this.#name = name;
    this.#inquiry = inquiry;
    this.#correlationId = guidOf(shared.seed, name);
  }

  async play(): Promise<Prologue> {
    const { adapter, seed } = this.#shared;
    const { settings } = this.#beginning.condition;
    const rigSeed = seedOf(seed, this.#name);
    const rig = await this.#inquiry.ask("set up the rig", () => adapter.rig(settings, rigSeed));
    if (this.#shared.traced) {
      rig.listen?.((release, message) => this.#inquiry.note("wire", release, message));
    }
    let machine: RunningMachine | undefined;
    try {
      const [first] = this.#beginning.condition.path;
      const started = await this.#inquiry.start(rig, first);
      if (!("release" in started)) return this.#prologue({ rig, started: false, save: started });
      machine = started;
      const played = await this.#playWith(machine);
      if (played.save.kind === "done") {
        const ended = machine;
        machine = undefined;
        await this.#inquiry.dispose(ended);
        return this.#prologue({ rig, started: true, ...played });
      }
      return this.#prologue({ rig, started: true, machine, ...played });
    } catch (error) {
      try {
        await this.#inquiry.dispose(machine);
      } finally {
        await this.#inquiry.disposeRig(rig);
        this.#inquiry.noteKept(rig);
      }
      throw error;
    }
  }

  async #playWith(machine: RunningMachine) {
    const { condition, preparation, lookers } = this.#beginning;
    if (preparation !== undefined) await this.#prepare(preparation, machine);
    const [first] = condition.path;
    const settings = settingsAt(condition.settings, 0, this.#shared.axes);
    const notes = await notesOf(lookers, machine, first, settings, this.#shared.watchdog);
    this.#inquiry.observe(machine);
    const request = { correlationId: this.#correlationId, settings };
    const saved = await this.#inquiry.save(machine, first, request);
    if ("bytes" in saved) return { notes, save: DONE, saved };
    return { notes, save: saved };
  }

  async #prepare(preparation: Preparation, machine: RunningMachine): Promise<void> {
    try {
      const answer = preparation.apply(machine);
      if (isThenable(answer)) await this.#inquiry.settle(answer);
    } catch (error) {
      throw new NotAsked(`Cannot prepare ${preparation.name}: ${textOf(error)}`);
    }
    this.#inquiry.note("prepared", machine.release, preparation.name);
  }

  #prologue(
    played: Pick<Prologue, "rig" | "started" | "machine" | "save" | "saved"> & {
      readonly notes?: Prologue["notes"];
    },
  ): Prologue {
    const transcript = [...this.#inquiry.transcript];
    const correlationId = this.#correlationId;
    return { notes: new Map(), ...played, correlationId, transcript };
  }
}
