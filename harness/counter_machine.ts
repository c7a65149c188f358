/**
 * A tiny implementation for tests of the harness: its machine counts, its state is the count as
 * text, and it can be told to misbehave in each way that a runner must notice. Settings: `size`
 * and `fault`; input of a hop: `mode`. Release 3 cannot read what release 1 writes.
 *
 * @module
 */
// deno-lint-ignore-file require-await -- an adapter is asynchronous, also one that never waits
import {
  type Adapter,
  CrashedError,
  HungError,
  RefusedError,
  type Rig,
  type RunningMachine,
  type SavedState,
  SaveError,
  type SaveRequest,
} from "./adapter.ts";
import { constraint, type Space } from "./axis.ts";
import type { Condition } from "./condition.ts";
import type { Lifecycle } from "./facets/lifecycle.ts";
import type { Units } from "./facets/units.ts";
import type { Hop } from "./path.ts";

/** How the adapter, not the implementation, is broken. */
export type Misbehaviour =
  | "none"
  | "lies-when-started"
  | "lies-when-saved"
  | "lies-about-itself"
  | "lies-when-restored"
  | "throws-when-asked"
  | "throws-at-start"
  | "throws-at-restore"
  | "never-answers"
  | "throws-at-dispose";

/** What became of every machine and rig that was started. */
export interface Ledger {
  started: number;
  disposed: number;
  readonly correlationIds: string[];
  /** Settings of each save. */
  readonly asked?: Condition["settings"][];
}

/** What is special about an adapter besides a misbehaviour. */
export interface Abilities {
  /** Its rigs can be copied. */
  readonly forks?: boolean;
}

export const counterSpace: Space = {
  implementation: "counter",
  releases: ["1", "2", "3"],
  configurations: [{ mode: "up" }, { mode: "down" }],
  axes: [
    { name: "mode", per: "hop", values: ["up", "down"], meaning: "Direction of counting" },
    { name: "size", per: "path", values: ["small", "large"], meaning: "Size of the counter" },
    {
      name: "fault",
      per: "path",
      values: ["none", "save-fail", "save-crash", "restore-hang", "start-crash"],
      neutral: "none",
      reserved: true,
      onlyFirst: true,
      meaning: "Disturbance of the hop",
    },
  ],
  constraints: [
    constraint({
      name: "one-way",
      reason: "Release 1 cannot change the direction",
      over: ["writer", "writer.mode", "reader", "reader.mode"],
      allows(factors) {
        const turns = factors["writer.mode"] !== factors["reader.mode"];
        return !turns || (factors.writer !== "1" && factors.reader !== "1");
      },
    }),
  ],
};

export function counterAdapter(
  misbehaviour: Misbehaviour = "none",
  ledger: Ledger = { started: 0, disposed: 0, correlationIds: [] },
  { forks = false }: Abilities = {},
): Adapter {
  return {
    implementation: "counter",
    releases: counterSpace.releases,
    capabilities({ release }) {
      if (misbehaviour === "throws-when-asked") throw new TypeError("no such program");
      return new Set(["lifecycle", "units", ...(release === "1" ? [] : ["units.named"])]);
    },
    rig: async (settings) => new (forks ? ForkableRig : CounterRig)(settings, misbehaviour, ledger),
  };
}

type Parts = readonly [Condition["settings"], Misbehaviour, Ledger];

class CounterRig implements Rig {
  /** What a copy is made of. */
  protected readonly parts: Parts;
  readonly #settings: Condition["settings"];
  readonly #misbehaviour: Misbehaviour;
  readonly #ledger: Ledger;

  constructor(...parts: Parts) {
    this.parts = parts;
    [this.#settings, this.#misbehaviour, this.#ledger] = parts;
    this.#ledger.started++;
  }

  async start(hop: Hop): Promise<RunningMachine> {
    if (this.#misbehaviour === "throws-at-start") throw new TypeError("no such program");
    if (this.#settings.fault === "start-crash") throw new CrashedError("counter is broken");
    return this.#machine(hop, this.#settings.size === "large" ? 1000 : 1, "lies-when-started");
  }

  async restore(hop: Hop, { writer, bytes }: SavedState): Promise<RunningMachine> {
    if (this.#misbehaviour === "throws-at-restore") throw new TypeError("no such program");
    if (this.#misbehaviour === "never-answers") return new Promise(() => {});
    if (this.#settings.fault === "restore-hang") throw new HungError("no answer within 5000 ms");
    if (writer.release === "1" && hop.release === "3") throw new RefusedError("count too old");
    return this.#machine(hop, Number(new TextDecoder().decode(bytes)), "lies-when-restored");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ledger.disposed++;
  }

  #machine(hop: Hop, count: number, lie: Misbehaviour): RunningMachine {
    const release = this.#misbehaviour === lie ? "2½" : hop.release;
    this.#ledger.started++;
    return new CounterMachine(release, count, this.#settings, this.#misbehaviour, this.#ledger);
  }
}

class ForkableRig extends CounterRig {
  fork(): Rig {
    return new ForkableRig(...this.parts);
  }
}

class CounterMachine implements RunningMachine {
  readonly release: string;
  readonly lifecycle: Lifecycle;
  readonly units: Units;
  readonly #count: number;
  readonly #settings: Condition["settings"];
  readonly #misbehaviour: Misbehaviour;
  readonly #ledger: Ledger;

  constructor(
    release: string,
    count: number,
    settings: Condition["settings"],
    misbehaviour: Misbehaviour,
    ledger: Ledger,
  ) {
    this.release = release;
    this.#count = count;
    this.#settings = settings;
    this.#misbehaviour = misbehaviour;
    this.#ledger = ledger;
    this.lifecycle = {
      running: () => true,
      nonce: () => BigInt(count),
      log: () => [],
      spans: () => [],
      inspect: () => ({ count }),
    };
    this.units = { digests: () => new Map([["counter", String(count)]]) };
  }

  async save({ correlationId, settings }: SaveRequest): Promise<SavedState> {
    this.#ledger.correlationIds.push(correlationId);
    this.#ledger.asked?.push(settings);
    if (this.#settings.fault === "save-fail") throw new SaveError("counter is busy", true);
    if (this.#settings.fault === "save-crash") throw new CrashedError("counter overflowed");
    const release = this.#misbehaviour === "lies-when-saved" ? "2½" : this.release;
    const bytes = new TextEncoder().encode(String(this.#count));
    const implementation = this.#misbehaviour === "lies-about-itself" ? "other" : "counter";
    return { writer: { implementation, release }, codec: "text", bytes };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ledger.disposed++;
    if (this.#misbehaviour === "throws-at-dispose") throw new TypeError("cannot be stopped");
  }
}
