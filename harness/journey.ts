/**
 * One run of a condition: a machine is booted, prepared and taken along the path, under the eyes
 * of a jury. A failed hop ends the path.
 *
 * The transcript proves the plan: a hop that reports another release than the planned one, and an
 * adapter that throws what no implementation can be blamed for, make every cell of the run an
 * `error`.
 *
 * @module
 */
import {
  type Adapter,
  type Rig,
  type RunningMachine,
  type SavedState,
  SaveError,
  type SaveRequest,
} from "./adapter.ts";
import type { Axis } from "./axis.ts";
import { type Condition, settingsAt } from "./condition.ts";
import { isThenable, type Jury } from "./jury.ts";
import type { Outcome } from "./oracle.ts";
import { AdapterFault, adapterFault, outcomeOf, textOf } from "./outcome.ts";
import { type Hop, hopName } from "./path.ts";
import type { TranscriptLine } from "./report.ts";
import type { Preparation } from "./scenario.ts";
import { guidOf, seedOf } from "./seed.ts";
import type { Watchdog } from "./watchdog.ts";

/** What every journey of a run shares. */
export interface Surroundings {
  readonly adapter: Adapter;
  readonly axes: readonly Axis[];
  readonly seed: number;
  readonly watchdog: Watchdog;
}

/** What a journey showed besides verdicts. */
export interface Account {
  readonly transcript: readonly TranscriptLine[];
  /** How the adapter broke, if it did. */
  readonly adapterFault?: string;
}

/** The machine could not be brought to the state that the scenarios ask about. */
class NotAsked extends Error {}

const DONE: Outcome = { kind: "done" };

export class Journey {
  readonly #shared: Surroundings;
  readonly #condition: Condition;
  /** Name of the condition; correlation ids and the seed of the rig derive from it. */
  readonly #name: string;
  readonly #jury: Jury;
  readonly #transcript: TranscriptLine[] = [];
  #rig: Rig | undefined;
  #machine: RunningMachine | undefined;

  constructor(shared: Surroundings, condition: Condition, name: string, jury: Jury) {
    this.#shared = shared;
    this.#condition = condition;
    this.#name = name;
    this.#jury = jury;
  }

  /** Takes the machine along the path. Throws only when the harness itself is broken. */
  async run(preparation?: Preparation): Promise<Account> {
    try {
      try {
        let up = await this.#start(preparation);
        const edges = this.#condition.path.length - 1;
        for (let edge = 0; up && edge < edges; edge++) up = await this.#travel(edge);
      } finally {
        await this.#disposeMachine();
        await this.#disposeRig();
      }
    } catch (error) {
      if (!(error instanceof AdapterFault || error instanceof NotAsked)) throw error;
      this.#jury.decideAll({ kind: "error", reason: error.message });
      if (error instanceof AdapterFault) {
        return { transcript: this.#transcript, adapterFault: error.message };
      }
    }
    return { transcript: this.#transcript };
  }

  /** Boots and prepares the first machine. False when it did not come up. */
  async #start(preparation: Preparation | undefined): Promise<boolean> {
    const [first] = this.#condition.path;
    const { adapter, seed, watchdog } = this.#shared;
    const { settings } = this.#condition;
    const rigSeed = seedOf(seed, this.#name);
    const rig = await this.#ask("set up the rig", () => adapter.rig(settings, rigSeed));
    this.#rig = rig;
    let machine: RunningMachine;
    try {
      machine = await watchdog.guard(rig.start(first));
    } catch (error) {
      const outcome = outcomeOf(error, `start ${first.release}`);
      this.#note("not-started", first.release, outcome.reason ?? "");
      this.#jury.judgeFailedStart({ ...this.#asked(0), save: outcome });
      return false;
    }
    this.#machine = machine;
    this.#note("started", machine.release, hopName(first));
    demandRelease(first, machine.release, "started");
    if (preparation !== undefined) await this.#prepare(preparation, machine);
    await this.#jury.before(machine);
    return true;
  }

  async #prepare(preparation: Preparation, machine: RunningMachine): Promise<void> {
    try {
      const answer = preparation.apply(machine);
      if (isThenable(answer)) await this.#shared.watchdog.guard(answer);
    } catch (error) {
      throw new NotAsked(`Cannot prepare ${preparation.name}: ${textOf(error)}`);
    }
    this.#note("prepared", machine.release, preparation.name);
  }

  /** Crosses one edge and has it judged. True when the machine came out on the other side. */
  async #travel(index: number): Promise<boolean> {
    const asked = this.#asked(index);
    const { writer, reader, settings, correlationId } = asked;
    const before = this.#machine as RunningMachine;
    this.#jury.look(before, writer, settings, index);
    const saved = await this.#save(before, writer, { correlationId, settings });
    if (!("bytes" in saved)) {
      await this.#jury.judgeFailedSave(before, { ...asked, save: saved });
      return false;
    }
    await this.#disposeMachine();
    const carried = saved.correlationId ?? correlationId;
    const done = { ...asked, correlationId: carried, save: DONE, saved };
    const restored = await this.#restore(reader, saved);
    if (!("release" in restored)) {
      await this.#jury.judgeFailedRestore(restored, { ...done, restore: restored });
      return false;
    }
    await this.#jury.judge(restored, { ...done, restore: DONE, machine: restored });
    return true;
  }

  /** What is planned for an edge. */
  #asked(index: number) {
    const { path } = this.#condition;
    const settings = settingsAt(this.#condition.settings, index, this.#shared.axes);
    const writer = path[index] as Hop;
    const reader = path[index + 1] as Hop;
    const correlationId = guidOf(this.#shared.seed, `${this.#name}#${index}`);
    return { condition: this.#condition, index, settings, writer, reader, correlationId };
  }

  async #save(machine: RunningMachine, hop: Hop, request: SaveRequest) {
    let saved: SavedState;
    try {
      saved = await this.#shared.watchdog.guard(machine.save(request));
    } catch (error) {
      const outcome = outcomeOf(error, `save ${hop.release}`);
      const after = error instanceof SaveError && error.machineRuns ? "; the machine runs on" : "";
      this.#note("save-failed", machine.release, (outcome.reason ?? "") + after);
      return outcome;
    }
    const { implementation, release } = saved.writer;
    this.#note(
      "saved",
      release,
      `${saved.bytes.length} bytes, correlation ${request.correlationId}`,
    );
    demandRelease(hop, release, "saved");
    if (implementation !== hop.implementation) {
      throw new AdapterFault(`Planned ${hop.implementation}, but ${implementation} saved`);
    }
    return saved;
  }

  async #restore(hop: Hop, saved: SavedState): Promise<Outcome | RunningMachine> {
    const rig = this.#rig as Rig;
    let machine: RunningMachine;
    try {
      machine = await this.#shared.watchdog.guard(rig.restore(hop, saved));
    } catch (error) {
      const outcome = outcomeOf(error, `restore ${hop.release}`);
      this.#note("not-restored", hop.release, outcome.reason ?? "");
      return outcome;
    }
    this.#machine = machine;
    this.#note("restored", machine.release, hopName(hop));
    demandRelease(hop, machine.release, "restored");
    return machine;
  }

  async #disposeMachine(): Promise<void> {
    const machine = this.#machine;
    this.#machine = undefined;
    if (machine === undefined) return;
    await this.#ask(`dispose of ${machine.release}`, () => machine[Symbol.asyncDispose]());
  }

  async #disposeRig(): Promise<void> {
    const rig = this.#rig;
    this.#rig = undefined;
    if (rig === undefined) return;
    await this.#ask("dispose of the rig", () => rig[Symbol.asyncDispose]());
  }

  /** Asks the adapter for something that every working adapter can do. */
  async #ask<T>(verb: string, question: () => PromiseLike<T>): Promise<T> {
    try {
      return await this.#shared.watchdog.guard(question());
    } catch (error) {
      throw adapterFault(error, verb);
    }
  }

  #note(event: TranscriptLine["event"], release: string, detail: string): void {
    this.#transcript.push({ event, release, detail });
  }
}

/** Throws unless the hop that `verb` is of the release that was planned. */
function demandRelease(planned: Hop, release: string, verb: string): void {
  if (release === planned.release) return;
  throw new AdapterFault(`Planned ${planned.release}, but ${release} ${verb}`);
}
