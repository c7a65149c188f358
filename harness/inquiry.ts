/**
 * Asking an adapter: what it answers, how a hop ended, and whether it is the hop that was planned.
 *
 * The transcript proves the plan: a hop that reports another release than the planned one, and an
 * adapter that throws what no implementation can be blamed for, are faults of the adapter.
 *
 * @module
 */
import type { Adapter, Rig, RunningMachine, SavedState, SaveRequest } from "./adapter.ts";
import { SaveError } from "./adapter.ts";
import type { Axis } from "./axis.ts";
import { neutralOf } from "./condition_name.ts";
import { blackoutFigures, guestFigures } from "./figures.ts";
import type { Outcome } from "./oracle.ts";
import { AdapterFault, adapterFault, outcomeOf } from "./outcome.ts";
import { type Hop, hopName } from "./path.ts";
import type { TranscriptLine } from "./report.ts";
import type { Watchdog } from "./watchdog.ts";

/** What every journey of a run shares. */
export interface Surroundings {
  readonly adapter: Adapter;
  readonly axes: readonly Axis[];
  readonly seed: number;
  readonly watchdog: Watchdog;
  /** Transcripts have every message, where a rig can tell. */
  readonly traced?: boolean;
}

export const DONE: Outcome = { kind: "done" };

/** Asks about one machine after the other, and writes down what was answered. */
export class Inquiry {
  readonly transcript: TranscriptLine[] = [];
  readonly #watchdog: Watchdog;
  readonly #axes: readonly Axis[];

  /** Hops are named without neutral values of `axes`. */
  constructor(watchdog: Watchdog, axes: readonly Axis[] = []) {
    this.#watchdog = watchdog;
    this.#axes = axes;
  }

  /** Boots the first machine. */
  async start(rig: Rig, hop: Hop): Promise<Outcome | RunningMachine> {
    let machine: RunningMachine;
    try {
      machine = await this.#watchdog.guard(rig.start(hop));
    } catch (error) {
      return this.#failed("not-started", hop.release, outcomeOf(error, `start ${hop.release}`));
    }
    this.#noteUp("started", machine, hop);
    await this.#demandPlanned(hop, machine, "started");
    return machine;
  }

  async save(machine: RunningMachine, hop: Hop, request: SaveRequest) {
    const saved = await this.#save(machine, hop, request);
    if (!("bytes" in saved)) return saved;
    const { writer, bytes } = saved;
    const detail = `${bytes.length} bytes, correlation ${request.correlationId}`;
    this.note("saved", writer.release, detail);
    demandRelease(hop, writer.release, "saved");
    if (writer.implementation !== hop.implementation) {
      throw new AdapterFault(`Planned ${hop.implementation}, but ${writer.implementation} saved`);
    }
    return saved;
  }

  async #save(machine: RunningMachine, hop: Hop, request: SaveRequest) {
    let saved: SavedState;
    try {
      saved = await this.#watchdog.guard(machine.save(request));
    } catch (error) {
      const outcome = outcomeOf(error, `save ${hop.release}`);
      const after = error instanceof SaveError && error.machineRuns ? "; the machine runs on" : "";
      this.note("save-failed", machine.release, (outcome.reason ?? "") + after);
      return outcome;
    }
    return saved;
  }

  /** A process that a fault has killed is started once more with the same state, as hosts do. */
  async restore(rig: Rig, hop: Hop, saved: SavedState): Promise<Outcome | RunningMachine> {
    const first = await this.#restore(rig, hop, saved);
    return "release" in first || !first.killed ? first : this.#restore(rig, hop, saved);
  }

  async #restore(rig: Rig, hop: Hop, saved: SavedState): Promise<Outcome | RunningMachine> {
    let machine: RunningMachine;
    try {
      machine = await this.#watchdog.guard(rig.restore(hop, saved));
    } catch (error) {
      const outcome = outcomeOf(error, `restore ${hop.release}`);
      return this.#failed("not-restored", hop.release, outcome);
    }
    this.#noteUp("restored", machine, hop);
    await this.#demandPlanned(hop, machine, "restored");
    return machine;
  }

  #noteUp(event: "started" | "restored", { release, build }: RunningMachine, hop: Hop): void {
    const name = hopName(hop, neutralOf(this.#axes));
    this.note(event, release, build === undefined ? name : `${name}, ${build}`);
  }

  /** Whether the fault of the settings has struck; undefined when nobody can tell. */
  struck(rig: Rig, release: string): boolean | undefined {
    const struck = rig.struck?.();
    if (struck === undefined || struck === null) return struck === null ? false : undefined;
    if (this.transcript.every(({ event }) => event !== "struck")) {
      this.note("struck", release, struck.words);
    }
    return true;
  }

  async dispose(machine: RunningMachine | undefined): Promise<void> {
    if (machine === undefined) return;
    await this.ask(`dispose of ${machine.release}`, () => machine[Symbol.asyncDispose]());
  }

  async disposeRig(rig: Rig | undefined): Promise<void> {
    if (rig === undefined) return;
    await this.ask("dispose of the rig", () => rig[Symbol.asyncDispose]());
  }

  /** Asks for something that every working adapter can do. */
  async ask<T>(verb: string, question: () => PromiseLike<T>): Promise<T> {
    try {
      return await this.#watchdog.guard(question());
    } catch (error) {
      throw adapterFault(error, verb);
    }
  }

  /** Lets an answer settle that may take its time. */
  async settle(answer: PromiseLike<unknown>): Promise<void> {
    await this.#watchdog.guard(answer);
  }

  /** Writes down where to find what the programs of an ended rig wrote. */
  noteKept(rig: Rig): void {
    const kept = rig.kept?.();
    if (kept !== undefined) this.note("log", this.transcript[0]?.release ?? "", kept);
  }

  note(event: TranscriptLine["event"], release: string, detail: string): void {
    this.transcript.push({ event, release, detail });
  }

  /** Writes down what the guest of a machine has seen, and how long it stood still. */
  observe(machine: RunningMachine): void {
    const { guest, blackout } = figuresOf(machine);
    const { release } = machine;
    if (blackout !== null) {
      this.transcript.push({ event: "blackout", release, detail: "", figures: blackout });
    }
    if (guest === null) return;
    this.transcript.push({ event: "guest", release, detail: "", figures: guest });
  }

  /** Ends a machine of another release than the planned one, as nobody else gets hold of it. */
  async #demandPlanned(hop: Hop, machine: RunningMachine, verb: string): Promise<void> {
    try {
      demandRelease(hop, machine.release, verb);
    } catch (error) {
      await this.dispose(machine);
      throw error;
    }
  }

  #failed(event: TranscriptLine["event"], release: string, outcome: Outcome): Outcome {
    this.note(event, release, outcome.reason ?? "");
    return outcome;
  }
}

/** What a machine tells is its adapter's word: one that makes no sense is its fault. */
function figuresOf(machine: RunningMachine) {
  try {
    return { guest: guestFigures(machine), blackout: blackoutFigures(machine) };
  } catch (error) {
    throw adapterFault(error, `tell what the guest of ${machine.release} has seen`);
  }
}

/** Throws unless the hop that `verb` is of the release that was planned. */
function demandRelease(planned: Hop, release: string, verb: string): void {
  if (release === planned.release) return;
  throw new AdapterFault(`Planned ${planned.release}, but ${release} ${verb}`);
}
