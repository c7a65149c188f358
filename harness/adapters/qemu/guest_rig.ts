/**
 * A machine with a guest at work on its way from one QEMU into the next. What the guest has
 * counted travels beside its machine, so that the one who takes over can be held to it.
 *
 * @module
 */
import {
  CrashedError,
  HungError,
  RefusedError,
  type Rig,
  type RunningMachine,
  type SavedState,
  SaveError,
} from "../../adapter.ts";
import type { Counting } from "../../facets/counting.ts";
import type { Hop } from "../../path.ts";
import { type Guest, GuestDead } from "./guest.ts";
import { wrongIn } from "./guest_arrival.ts";
import type { Counters } from "./guest_counters.ts";
import { GuestFiles } from "./guest_files.ts";
import { type Carried, carry, goOn, takeOver } from "./guest_modes.ts";
import { goAhead } from "./guest_postcopy.ts";
import type { GuestPlan, GuestSaves } from "./guest_saves.ts";
import { lossOf } from "./loss.ts";
import { MonitorError, MonitorLost } from "./monitor.ts";
import { classified } from "./words.ts";

/** What a rig is told of a release. */
export interface GuestBuild {
  readonly plan: GuestPlan;
  /** The release that a version belongs to, as its greeting says it. */
  releaseOf(version: string): string;
}

const IMPLEMENTATION = "qemu";

/** What the guest in a stream or image had counted. */
const counted = new WeakMap<Uint8Array, Counters>();

export class GuestRig implements Rig {
  readonly #build: (release: string) => GuestBuild;
  readonly #saves: GuestSaves;
  readonly #files = new GuestFiles();
  #guest: Guest | undefined;

  constructor(build: (release: string) => GuestBuild, saves: GuestSaves) {
    this.#build = build;
    this.#saves = saves;
  }

  async start(hop: Hop): Promise<RunningMachine> {
    const { plan, releaseOf } = this.#build(hop.release);
    const first = await answered(() => this.#saves.of(plan));
    const release = releaseOf(first.version);
    const nothing = () => Promise.resolve(null);
    return {
      release,
      build: shown(first),
      counting: { arrived: nothing, goesOn: nothing },
      save: () => Promise.resolve({ ...stateOf(release, first), took: first.took }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  async restore(hop: Hop, state: SavedState): Promise<RunningMachine> {
    const { plan, releaseOf } = this.#build(hop.release);
    await this.#end();
    const machine = { ...plan, files: this.#files };
    const { guest, before } = await answered(() => this.#come(plan, state));
    this.#guest = guest;
    const come = new Come(guest, before, plan, this.#saves);
    const release = releaseOf(guest.emulator.version);
    return {
      release,
      build: shown(guest.emulator),
      counting: come,
      async save() {
        await come.goesOn();
        return stateOf(release, await carry(guest, machine));
      },
      [Symbol.asyncDispose]: () => guest[Symbol.asyncDispose](),
    };
  }

  async #come(plan: GuestPlan, { bytes, writer }: SavedState) {
    const files = this.#files;
    const to = { program: plan.program, machine: { ...plan, files } };
    if (plan.mode === "live-postcopy") {
      const from = this.#build(writer.release).plan;
      return await goAhead({ program: from.program, machine: { ...from, files } }, to);
    }
    const before = counted.get(bytes);
    if (before === undefined) throw new Error("nobody knows what the guest in it had counted");
    return { guest: await takeOver(to.program, to.machine, bytes), before };
  }

  async #end(): Promise<void> {
    const guest = this.#guest;
    this.#guest = undefined;
    await guest?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
    this.#files[Symbol.dispose]();
  }
}

/** A guest that has come; it is looked at and let go on once, however often that is asked for. */
class Come implements Counting {
  readonly #guest: Guest;
  readonly #before: Counters;
  readonly #plan: GuestPlan;
  readonly #saves: GuestSaves;
  #arrived: Promise<string | null> | undefined;
  #gone: Promise<string | null> | undefined;

  constructor(guest: Guest, before: Counters, plan: GuestPlan, saves: GuestSaves) {
    this.#guest = guest;
    this.#before = before;
    this.#plan = plan;
    this.#saves = saves;
  }

  arrived(): Promise<string | null> {
    this.#arrived ??= wrongIn(this.#guest, this.#before, this.#plan.mode).then(
      (wrong) => wrong ?? null,
    );
    return this.#arrived;
  }

  goesOn(): Promise<string | null> {
    this.#gone ??= this.arrived().then(() => this.#go());
    return this.#gone;
  }

  async #go(): Promise<string | null> {
    try {
      await goOn(this.#guest, this.#before, this.#plan.mode);
      return null;
    } catch (error) {
      if (error instanceof MonitorLost) {
        return (await lossOf(this.#guest.emulator, error)).message;
      }
      if (!(error instanceof GuestDead)) throw error;
      const alone = await this.#saves.control(this.#plan);
      const too = alone === null ? "" : `; without migration, ${alone}`;
      return `guest-dead: ${error.message}${too}`;
    }
  }
}

/** What a monitor refuses is a refusal of the machine; a guest that stands still hangs. */
async function answered<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof GuestDead) throw new HungError(`hang: ${error.message}`);
    if (error instanceof MonitorError) throw new RefusedError(classified(oneLine(error.message)));
    if (error instanceof MonitorLost) {
      if (!error.isEnd) throw new HungError(`hang: ${error.message}`);
      throw new CrashedError(`crash: ${error.message}`);
    }
    throw error;
  }
}

function stateOf(release: string, { counters, outcome }: Carried): SavedState {
  if (typeof outcome === "string") throw new SaveError(oneLine(outcome), true);
  counted.set(outcome, counters);
  const writer = { implementation: IMPLEMENTATION, release };
  return { writer, codec: "qemu-stream", bytes: outcome };
}

function shown({ version, package: name }: { readonly version: string; readonly package: string }) {
  return `QEMU ${version}${name === "" ? "" : ` (${name})`}`;
}

function oneLine(words: string): string {
  return words
    .split(/\r?\n/)
    .map((line) => line.trim())
    .join("; ");
}
