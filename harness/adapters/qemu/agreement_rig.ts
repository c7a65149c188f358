/**
 * A machine that is sent straight from one QEMU into the next, with a capability that both ends
 * are to have. Machines that never ran are the same each time: the writer is started once more for
 * each reader.
 *
 * What it does not do: paths of more than two releases.
 *
 * @module
 */
import {
  RefusedError,
  type Rig,
  type RunningMachine,
  type SavedState,
  SaveError,
} from "../../adapter.ts";
import type { Hop } from "../../path.ts";
import {
  AGREED,
  offersOf,
  POSTCOPY,
  POSTCOPY_MEMORY,
  sendBehind,
  sendOver,
  turnOn,
  WANTED,
} from "./agreement.ts";
import type { Emulator } from "./emulator.ts";
import { MachineFiles } from "./files.ts";
import { begin } from "./load.ts";
import { type Build, IMPLEMENTATION } from "./rig.ts";
import { type Saves, statusOf } from "./saves.ts";

export class AgreementRig implements Rig {
  readonly #build: (release: string) => Build;
  readonly #saves: Saves;
  readonly #capability: string;
  readonly #files = new MachineFiles();
  readonly #running: Emulator[] = [];

  constructor(build: (release: string) => Build, saves: Saves, capability: string) {
    this.#build = build;
    this.#saves = saves;
    this.#capability = capability;
  }

  async start(hop: Hop): Promise<RunningMachine> {
    const { plan, releaseOf } = this.#build(hop.release);
    const first = await this.#saves.of(plan);
    const writer = await this.#started(plan.program, this.#args(plan.bootArgs(this.#files)));
    const offers = new Set(await offersOf(writer));
    const release = releaseOf(first.version);
    return {
      release,
      build: first.build,
      agreeing: { offers, used: [], status: () => statusOf(writer) },
      save: () => this.#demand(writer).then(() => stateOf(release, first.outcome)),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  get #isPostcopy(): boolean {
    return this.#capability === POSTCOPY;
  }

  #args(args: readonly string[]): readonly string[] {
    return this.#isPostcopy ? [...args, ...POSTCOPY_MEMORY] : args;
  }

  /** A writer that lacks the capability declines to save. */
  async #demand(writer: Emulator): Promise<void> {
    if (this.#capability === AGREED || this.#isPostcopy) return;
    try {
      await turnOn(writer, [this.#capability]);
    } catch (error) {
      throw error instanceof RefusedError ? new SaveError(error.message, true) : error;
    }
  }

  async restore(hop: Hop, state: SavedState): Promise<RunningMachine> {
    const { plan, releaseOf } = this.#build(hop.release);
    const from = this.#build(state.writer.release).plan;
    const waiting = [...this.#args(plan.loadArgs(this.#files)), "-incoming", "defer"];
    const writer = await this.#started(from.program, this.#args(from.bootArgs(this.#files)));
    const reader = await this.#started(plan.program, waiting);
    const offers = new Set(await offersOf(reader));
    const used = this.#chosen(new Set(await offersOf(writer)), offers);
    await turnOn(reader, used);
    await turnOn(writer, used);
    const behind = this.#isPostcopy ? await sendBehind(writer, reader) : undefined;
    if (behind === undefined) await sendOver(writer, reader, used);
    const release = releaseOf(reader.version);
    return {
      release,
      build: `QEMU ${reader.version} (${reader.package})`,
      agreeing: {
        offers,
        used,
        ...(behind === undefined ? {} : { behind }),
        status: () => statusOf(reader),
      },
      save: () => Promise.reject(new Error("a machine is only sent on once")),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  #chosen(...offers: readonly ReadonlySet<string>[]): readonly string[] {
    if (this.#isPostcopy) return ["postcopy-ram"];
    if (this.#capability !== AGREED) return [this.#capability];
    return WANTED.filter((name) => offers.every((offered) => offered.has(name)));
  }

  async #started(program: Parameters<typeof begin>[0], args: readonly string[]): Promise<Emulator> {
    const emulator = await begin(program, this.#files.named(args));
    this.#running.push(emulator);
    return emulator;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const running = this.#running.splice(0);
    await Promise.all(running.map((emulator) => emulator[Symbol.asyncDispose]()));
    this.#files[Symbol.dispose]();
  }
}

function stateOf(release: string, outcome: Uint8Array | string): SavedState {
  if (typeof outcome === "string") throw new SaveError(outcome, true);
  const writer = { implementation: IMPLEMENTATION, release };
  return { writer, codec: "qemu-stream", bytes: outcome };
}
