/**
 * One machine on its way from one QEMU into the next. Every hop is a process of its own, with
 * files of its own, and is ended by its identifier.
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
import type { Migration } from "../../facets/migration.ts";
import type { Hop } from "../../path.ts";
import type { Emulator } from "./emulator.ts";
import { MachineFiles } from "./files.ts";
import { load } from "./load.ts";
import type { Plan } from "./machine_plan.ts";
import { type FirstSave, type Saves, savedOf, statusOf } from "./saves.ts";

export const IMPLEMENTATION = "qemu";

/** What a rig is told of a release. */
export interface Build {
  readonly plan: Plan;
  /** The release that a version belongs to, as its greeting says it. */
  releaseOf(version: string): string;
}

export class QemuRig implements Rig {
  readonly #build: (release: string) => Build;
  readonly #saves: Saves;
  readonly #files = new MachineFiles();
  #emulator: Emulator | undefined;

  constructor(build: (release: string) => Build, saves: Saves) {
    this.#build = build;
    this.#saves = saves;
  }

  async start(hop: Hop): Promise<RunningMachine> {
    const { plan, releaseOf } = this.#build(hop.release);
    const first = await this.#saves.of(plan);
    return startedMachine(releaseOf(first.version), first);
  }

  async restore(hop: Hop, state: SavedState): Promise<RunningMachine> {
    const { plan, releaseOf } = this.#build(hop.release);
    await this.#end();
    const args = this.#files.named(plan.loadArgs(this.#files));
    const emulator = await this.#loaded(plan, args, state.bytes);
    this.#emulator = emulator;
    await plan.mode.arrived?.(emulator);
    const from = this.#build(state.writer.release).plan;
    const plans = { plan, from };
    return new LoadedMachine(
      releaseOf(emulator.version),
      emulator,
      state.bytes,
      this.#saves,
      plans,
    );
  }

  /** What breaks over a load is asked to come up without one, as its machine may do just that. */
  async #loaded(plan: Plan, args: readonly string[], stream: Uint8Array): Promise<Emulator> {
    try {
      return await load(plan.program, args, stream);
    } catch (error) {
      if (!(error instanceof CrashedError || error instanceof HungError)) throw error;
      await this.#saves.of(plan).catch((alone: unknown) => {
        const { message } = alone as Error;
        throw new RefusedError(`absent: without migration, ${message}`);
      });
      throw error;
    }
  }

  async #end(): Promise<void> {
    const emulator = this.#emulator;
    this.#emulator = undefined;
    await emulator?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
    this.#files[Symbol.dispose]();
  }
}

function startedMachine(release: string, first: FirstSave): RunningMachine {
  const { build, before, status, added, outcome, took } = first;
  let isAsked = false;
  return {
    release,
    build,
    migration: {
      given: undefined,
      status: () => Promise.resolve(isAsked ? status : before),
      again: () =>
        Promise.resolve(typeof outcome === "string" ? { reason: outcome } : { stream: outcome }),
      added: () => Promise.resolve(added),
    },
    save() {
      isAsked = true;
      return Promise.resolve(outcome).then((saved) => ({ ...stateOf(release, saved), took }));
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** A machine that was loaded; it is saved once, however often that is asked for. */
class LoadedMachine implements RunningMachine {
  readonly release: string;
  readonly build: string;
  readonly migration: Migration;
  readonly #emulator: Emulator;
  #saved: Promise<Uint8Array | string> | undefined;

  constructor(
    release: string,
    emulator: Emulator,
    given: Uint8Array,
    saves: Saves,
    { plan, from }: { readonly plan: Plan; readonly from: Plan },
  ) {
    this.release = release;
    this.build = `QEMU ${emulator.version} (${emulator.package})`;
    this.#emulator = emulator;
    this.migration = {
      given,
      status: () => statusOf(emulator),
      again: async () => {
        const outcome = await this.#save();
        return typeof outcome === "string" ? { reason: outcome } : { stream: outcome };
      },
      control: () => saves.control(from, given),
      added: async () => (await saves.of(plan)).added,
    };
  }

  async save(): Promise<SavedState> {
    return stateOf(this.release, await this.#save());
  }

  #save(): Promise<Uint8Array | string> {
    this.#saved ??= savedOf(this.#emulator);
    return this.#saved;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#emulator[Symbol.asyncDispose]();
  }
}

/** A refusal to save costs the machine nothing: its monitor has answered since. */
function stateOf(release: string, outcome: Uint8Array | string): SavedState {
  if (typeof outcome === "string") throw new SaveError(outcome, true);
  const writer = { implementation: IMPLEMENTATION, release };
  return { writer, codec: "qemu-stream", bytes: outcome };
}
