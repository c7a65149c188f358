/**
 * One machine of an outside implementation on its way, by the messages of the protocol.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Rig, type RunningMachine, type SavedState, SaveError } from "../../adapter.ts";
import type { Condition } from "../../condition.ts";
import type { Codec } from "../../facets/codec.ts";
import type { Seen } from "../../facets/observe.ts";
import { textOf } from "../../outcome.ts";
import type { Hop } from "../../path.ts";
import { ProtocolError } from "./answer.ts";
import { remoteFacets } from "./facets.ts";
import type { Link } from "./link.ts";
import type { Hello, Started } from "./messages.ts";
import { octetsOf } from "./octets.ts";
import type { Pool } from "./pool.ts";

/** What every rig of an adapter shares. */
export interface Ground {
  readonly pool: Pool;
  readonly hello: Hello;
  /** Folder where logs are kept, if they are. */
  readonly keep?: string | undefined;
  /** What becomes of logs before. */
  readonly change?: ((text: string) => string) | undefined;
  /** Somebody may ask for facets that only this harness knows. */
  readonly hasFacets: boolean;
}

export class RpcRig implements Rig {
  readonly #ground: Ground;
  readonly #link: Link;
  readonly #settings: Condition["settings"];
  readonly #seed: number;
  readonly #name: string;
  #kept: string | undefined;
  /** The stop that is not answered yet. */
  #stopping: Promise<void> | undefined;

  constructor(
    ground: Ground,
    link: Link,
    settings: Condition["settings"],
    seed: number,
    name: string,
  ) {
    this.#ground = ground;
    this.#link = link;
    this.#settings = settings;
    this.#seed = seed;
    this.#name = name;
  }

  async start(hop: Hop): Promise<RunningMachine> {
    return this.#running(await this.#behindStop(this.#link.ask("start", this.#begin(hop))));
  }

  async restore(hop: Hop, { bytes, codec, writer }: SavedState): Promise<RunningMachine> {
    const { roles = {} } = this.#ground.hello;
    if (isCodecOnly(roles[hop.release])) return shelf(this.#link, hop.release, bytes);
    const params = { ...this.#begin(hop), format: codec, writer, state: bytes };
    return this.#running(await this.#behindStop(this.#link.ask("restore", params)), bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#stopping;
      const { untold } = this.#link;
      if (untold !== undefined) throw untold;
      const { capabilities } = this.#ground.hello;
      if (this.#link.isUsable && Array.isArray(capabilities) && capabilities.includes("rigs")) {
        await this.#link.ask("endRig", { rig: this.#name });
      }
    } finally {
      this.#keep(this.#link.log);
      this.#ground.pool.giveBack(this.#link);
    }
  }

  waited(): boolean {
    return this.#link.hung;
  }

  kept(): string | undefined {
    return this.#kept;
  }

  #keep(log: string): void {
    const { keep, change } = this.#ground;
    if (keep === undefined || log === "") return;
    const file = `${this.#name}.log`;
    writeFileSync(join(keep, file), change === undefined ? log : change(log));
    this.#kept = file;
  }

  #begin({ release, inputs }: Hop) {
    return { release, inputs, settings: this.#settings, seed: this.#seed, rig: this.#name };
  }

  /** Who bears two requests at once stops one machine while the next is on its way. */
  async #stop(machine: string, release: string): Promise<void> {
    await this.#stopping;
    if (!this.#link.isUsable) return;
    const stop = this.#link.ask("stop", { machine });
    const { inFlight = 1 } = this.#ground.hello.limits ?? {};
    if (inFlight === 1) {
      await stop;
      return;
    }
    this.#stopping = stop.then(
      () => undefined,
      (error: unknown) => {
        throw new ProtocolError(`it did not stop ${release}: ${textOf(error)}`);
      },
    );
    this.#stopping.catch(() => {});
  }

  /** `answer`, unless the machine before was not stopped: that came first. */
  async #behindStop<T>(answer: Promise<T>): Promise<T> {
    const stopping = this.#stopping;
    if (stopping === undefined) return await answer;
    this.#stopping = undefined;
    answer.catch(() => {});
    await stopping;
    return await answer;
  }

  #running(started: Started, given?: Uint8Array): RunningMachine {
    const { machine, release, build } = started;
    const link = this.#link;
    const { name, format = name, ticks = [], volatile = [], roles = {} } = this.#ground.hello;
    /** All who look before the guest goes on see the same. */
    let seen: Promise<Seen> | undefined;
    const look = async () => (await link.ask("observe", { machine })).value as Seen;
    return {
      ...(this.#ground.hasFacets ? remoteFacets(link, started) : {}),
      ...(roles[release]?.includes("codec") ? { codec: codecOf(link, release, given) } : {}),
      release,
      ...(build === undefined ? {} : { build }),
      observe: {
        ticks,
        volatile,
        look: () => {
          seen ??= look();
          return seen;
        },
      },
      async save({ correlationId, settings }) {
        const { state } = await link.ask("save", { machine, correlationId, settings });
        const bytes = stateOf(state);
        return { writer: { implementation: name, release }, codec: format, bytes };
      },
      [Symbol.asyncDispose]: () => this.#stop(machine, release),
    };
  }
}

/** Whether a release has states and no machines. */
export function isCodecOnly(roles: readonly string[] | undefined): boolean {
  return roles?.includes("codec") === true && !roles.includes("restore") && !roles.includes("save");
}

/** A state where a machine would be, with whoever can only say what is in it. */
function shelf(link: Link, release: string, given: Uint8Array): RunningMachine {
  return {
    release,
    codec: codecOf(link, release, given),
    save: () => Promise.reject(new SaveError(`${release} cannot save`, true)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function codecOf(link: Link, release: string, given: Uint8Array | undefined): Codec {
  return {
    given,
    async decode(state) {
      return (await link.ask("decode", { release, state })).value as Seen;
    },
    async encode(value) {
      return stateOf((await link.ask("encode", { release, value })).state);
    },
  };
}

function stateOf(state: unknown): Uint8Array {
  const bytes = octetsOf(state);
  if (bytes === undefined) throw new ProtocolError("its state must have octets");
  return bytes;
}
