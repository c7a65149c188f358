/**
 * One run of a condition: after its beginning, which it may share with others, a machine is taken
 * along the path under the eyes of a jury. A failed hop ends the path.
 *
 * An adapter that lies or breaks makes every cell of the run an `error`; see `Inquiry`.
 *
 * @module
 */
import type { Rig, RunningMachine, SavedState, SaveRequest } from "./adapter.ts";
import { askedAgain, type Condition, settingsAt } from "./condition.ts";
import { DONE, Inquiry, type Surroundings } from "./inquiry.ts";
import type { Jury } from "./jury.ts";
import type { Lookers } from "./notes.ts";
import type { Edge, Outcome, Wanted } from "./oracle.ts";
import { AdapterFault, outcomeOf, unasked } from "./outcome.ts";
import type { Hop } from "./path.ts";
import type { Prologue, Prologues } from "./prologue.ts";
import type { TranscriptLine } from "./report.ts";
import { isRepresentative } from "./representative.ts";
import type { Preparation } from "./scenario.ts";
import { SecondLook } from "./second_look.ts";
import { guidOf } from "./seed.ts";

/** What a journey showed besides verdicts. */
export interface Account {
  readonly transcript: readonly TranscriptLine[];
  /** How the adapter broke, if it did. */
  readonly adapterFault?: string;
  /** Some hop waited for a deadline to pass. */
  readonly waited?: true;
}

/** What is known of an edge before it is crossed. */
type Asked = Omit<Edge, "save">;

const AGAIN: ReadonlySet<Wanted> = new Set(["again"]);

export class Journey {
  readonly #shared: Surroundings;
  readonly #prologues: Prologues;
  readonly #condition: Condition;
  /** Name of the condition; correlation ids of later saves derive from it. */
  readonly #name: string;
  readonly #jury: Jury;
  readonly #inquiry: Inquiry;
  #machine: RunningMachine | undefined;
  #waited = false;

  constructor(
    shared: Surroundings,
    prologues: Prologues,
    condition: Condition,
    name: string,
    jury: Jury,
  ) {
    this.#shared = shared;
    this.#prologues = prologues;
    this.#condition = condition;
    this.#name = name;
    this.#jury = jury;
    this.#inquiry = new Inquiry(shared.watchdog, shared.axes);
  }

  /** Takes the machine along the path. Throws only when the harness itself is broken. */
  async run(lookers: Lookers, preparation?: Preparation): Promise<Account> {
    try {
      const beginning = { condition: this.#condition, preparation, lookers };
      const prologue = await this.#prologues.take(beginning, this.#inquiry);
      try {
        await this.#goOnFrom(prologue);
      } finally {
        if (prologue.rig.waited?.()) this.#waited = true;
        await this.#prologues.giveBack(prologue, this.#inquiry);
      }
    } catch (error) {
      this.#jury.decideAll(unasked(error));
      if (error instanceof AdapterFault) {
        return { transcript: this.#inquiry.transcript, adapterFault: error.message };
      }
    }
    return { transcript: this.#inquiry.transcript, ...(this.#waited ? { waited: true } : {}) };
  }

  async #goOnFrom(prologue: Prologue): Promise<void> {
    const { started, save, saved, machine, correlationId, rig } = prologue;
    const asked = this.#asked(0, correlationId);
    if (!started) {
      this.#jury.judgeFailedStart({ ...asked, save });
      return;
    }
    this.#jury.take(prologue.notes);
    if (saved === undefined) {
      const edge = { ...asked, save, ...this.#struck(rig, asked.writer) };
      await this.#jury.judgeFailedSave(machine as RunningMachine, edge);
      return;
    }
    const copy = rig.fork?.();
    try {
      await this.#travel(copy ?? rig, asked, saved);
    } finally {
      try {
        await this.#disposeMachine();
      } finally {
        await this.#inquiry.disposeRig(copy);
      }
    }
  }

  /** Crosses one edge after the other, the state of the first one being saved already. */
  async #travel(rig: Rig, first: Asked, saved: SavedState): Promise<void> {
    const second = new SecondLook(this.#shared.watchdog, this.#wanted(first));
    let [asked, state] = [first, saved];
    try {
      for (;;) {
        if (!(await this.#cross(rig, second, asked, state))) return;
        if (asked.index + 2 === this.#condition.path.length) {
          await this.#takeLeave(rig, asked);
          return;
        }
        if (rig.struck?.()?.ends === true) {
          this.#inquiry.note("left-alone", asked.reader.release, "nothing is known of what comes");
          return;
        }
        asked = this.#asked(asked.index + 1);
        const next = await this.#save(asked);
        if (next === undefined) return;
        state = next;
      }
    } finally {
      await second.end();
    }
  }

  /** What is looked at besides: nothing again where another request stands for this one. */
  #wanted({ writer, settings }: Asked): ReadonlySet<Wanted> {
    const { wants } = this.#jury;
    if (!wants.has("again") || this.#condition.path.length > 2) return wants;
    const { adapter, axes } = this.#shared;
    if (isRepresentative(adapter, writer, settings, axes)) return wants;
    return wants.difference(AGAIN);
  }

  /** Saves at a later hop. Undefined when that failed, which has been judged then. */
  async #save(asked: Asked): Promise<SavedState | undefined> {
    const { writer, settings, index, correlationId } = asked;
    const machine = this.#machine as RunningMachine;
    this.#jury.look(machine, writer, settings, index);
    const saved = await this.#inquiry.save(machine, writer, { correlationId, settings });
    if (!("bytes" in saved)) {
      await this.#jury.judgeFailedSave(machine, { ...asked, save: saved });
      return undefined;
    }
    await this.#disposeMachine();
    return saved;
  }

  /** Has a saved edge crossed and judged. True when the machine came out on the other side. */
  async #cross(rig: Rig, second: SecondLook, asked: Asked, saved: SavedState): Promise<boolean> {
    const carried = saved.correlationId ?? asked.correlationId;
    const done = { ...asked, correlationId: carried, save: DONE, saved };
    const looked = { ...done, next: () => this.#sameAgain(asked) };
    await second.prepare(rig, looked);
    const restored = await this.#restore(rig, asked.reader, saved);
    if (!("release" in restored)) {
      const seen = await second.afterFailure(rig, looked);
      const edge = { ...done, restore: restored, ...seen, ...this.#struck(rig, asked.reader) };
      await this.#jury.judgeFailedRestore(restored, edge);
      return false;
    }
    const seen = await second.after(restored, looked);
    const outcome = await this.#goOn(restored);
    const edge = { ...done, restore: outcome, ...seen, ...this.#struck(rig, asked.reader) };
    if (outcome.kind !== "done") {
      await this.#jury.judgeFailedRestore(outcome, edge);
      return false;
    }
    await this.#jury.judge(restored, { ...edge, machine: restored });
    return true;
  }

  async #restore(rig: Rig, hop: Hop, saved: SavedState): Promise<Outcome | RunningMachine> {
    const restored = await this.#inquiry.restore(rig, hop, saved);
    if ("release" in restored) this.#machine = restored;
    return restored;
  }

  /** The guest goes on. A machine that dies of that was not restored well. */
  async #goOn(machine: RunningMachine): Promise<Outcome> {
    try {
      if (machine.goOn !== undefined) await this.#inquiry.settle(machine.goOn());
      this.#inquiry.observe(machine);
      return DONE;
    } catch (error) {
      const outcome = outcomeOf(error, `let the guest of ${machine.release} go on`);
      this.#inquiry.note("went-down", machine.release, outcome.reason ?? "");
      return outcome;
    }
  }

  #struck(rig: Rig, { release }: Hop): Pick<Edge, "struck"> {
    const struck = this.#inquiry.struck(rig, release);
    return struck === undefined ? {} : { struck };
  }

  /** The guest takes leave of a machine that has come to the end of its path. */
  async #takeLeave(rig: Rig, { index, reader }: Asked): Promise<void> {
    const machine = this.#machine;
    const { settings } = this.#condition;
    if (machine?.takeLeave === undefined || !this.#jury.wantsLeave(settings)) return;
    // What was in flight may only be struck when it comes back.
    const leave = () => ({ index, settings, machine, ...this.#struck(rig, reader) });
    try {
      const unmet = await this.#shared.watchdog.guard(machine.takeLeave());
      this.#jury.judgeLeave({ ...leave(), outcome: DONE, unmet });
    } catch (error) {
      const outcome = outcomeOf(error, `let the guest of ${machine.release} take leave`);
      this.#inquiry.note("went-down", machine.release, outcome.reason ?? "");
      this.#jury.judgeLeave({ ...leave(), outcome, unmet: [] });
    }
  }

  /** What is planned for an edge. */
  #asked(index: number, correlationId = this.#correlationId(index)): Asked {
    const condition = this.#condition;
    const { path } = condition;
    const writer = path[index] as Hop;
    const reader = path[index + 1] as Hop;
    const settings = settingsAt(condition.settings, index, this.#shared.axes);
    return { condition, index, writer, reader, settings, correlationId };
  }

  /** The request of another save that asks for the same. */
  #sameAgain({ settings, index }: Asked): SaveRequest {
    const asked = askedAgain(settings, this.#shared.axes);
    return { settings: asked, correlationId: this.#correlationId(index + 1) };
  }

  #correlationId(index: number): string {
    return guidOf(this.#shared.seed, `${this.#name}#${index}`);
  }

  async #disposeMachine(): Promise<void> {
    const machine = this.#machine;
    this.#machine = undefined;
    await this.#inquiry.dispose(machine);
  }
}
