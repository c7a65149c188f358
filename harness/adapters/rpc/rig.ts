/**
 * One machine of an outside implementation on its way, by the messages of the protocol.
 *
 * @module
 */
import type { Rig, RunningMachine, SavedState } from "../../adapter.ts";
import type { Condition } from "../../condition.ts";
import type { Seen } from "../../facets/observe.ts";
import type { Hop } from "../../path.ts";
import { type Link, ProtocolError } from "./link.ts";
import type { Hello, Started } from "./messages.ts";
import { blobOf, octetsOf } from "./octets.ts";
import type { Pool } from "./pool.ts";

/** What every rig of an adapter shares. */
export interface Ground {
  readonly pool: Pool;
  readonly hello: Hello;
}

export class RpcRig implements Rig {
  readonly #ground: Ground;
  readonly #link: Link;
  readonly #settings: Condition["settings"];
  readonly #seed: number;
  readonly #name: string;

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
    return this.#running(await this.#link.ask("start", this.#begin(hop)));
  }

  async restore(hop: Hop, { bytes, codec, writer }: SavedState): Promise<RunningMachine> {
    const { frames = false } = this.#ground.hello;
    const framed = frames && this.#link.canFrame;
    const state = framed ? { frame: bytes.length } : blobOf(bytes);
    const params = { ...this.#begin(hop), format: codec, writer, state };
    return this.#running(await this.#link.ask("restore", params, framed ? bytes : undefined));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      const { untold } = this.#link;
      if (untold !== undefined) throw untold;
      const { capabilities } = this.#ground.hello;
      if (this.#link.isUsable && Array.isArray(capabilities) && capabilities.includes("rigs")) {
        await this.#link.ask("endRig", { rig: this.#name });
      }
    } finally {
      this.#ground.pool.giveBack(this.#link);
    }
  }

  #begin({ release, inputs }: Hop) {
    return { release, inputs, settings: this.#settings, seed: this.#seed, rig: this.#name };
  }

  #running({ machine, release, build }: Started): RunningMachine {
    const link = this.#link;
    const { name, format = name, ticks = [], volatile = [] } = this.#ground.hello;
    /** All who look before the guest goes on see the same. */
    let seen: Promise<Seen> | undefined;
    const look = async () => (await link.ask("observe", { machine })).value as Seen;
    return {
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
        const bytes = octetsOf(state);
        if (bytes === undefined) throw new ProtocolError("its state must have octets");
        return { writer: { implementation: name, release }, codec: format, bytes };
      },
      async [Symbol.asyncDispose]() {
        if (link.isUsable) await link.ask("stop", { machine });
      },
    };
  }
}
