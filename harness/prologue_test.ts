import assert from "node:assert/strict";
import { test } from "node:test";
import type { Condition } from "./condition.ts";
import {
  type Abilities,
  counterAdapter,
  counterSpace,
  type Ledger,
  type Misbehaviour,
} from "./counter_machine.ts";
import { Inquiry } from "./inquiry.ts";
import type { Lookers } from "./notes.ts";
import type { Oracle } from "./oracle.ts";
import { AdapterFault, NotAsked } from "./outcome.ts";
import type { Hop } from "./path.ts";
import { Prologues } from "./prologue.ts";
import type { Preparation } from "./scenario.ts";
import { Watchdog } from "./watchdog.ts";

const NOBODY: Lookers = { scenarios: [], oracles: [] };

function hop(release: string): Hop {
  return { implementation: "counter", release, inputs: { mode: "up" } };
}

function condition(size: string, { fault = "none", first = "1", second = "2" } = {}): Condition {
  return { path: [hop(first), hop(second)], settings: { size, fault } };
}

interface Asked {
  readonly condition?: Condition;
  readonly lookers?: Lookers;
  readonly preparation?: Preparation;
}

/** Prologues of one run, with everything that was started. */
class Openings implements AsyncDisposable {
  readonly ledger: Ledger = { started: 0, disposed: 0, correlationIds: [] };
  readonly #watchdog = new Watchdog();
  readonly #prologues: Prologues;

  constructor(lie: Misbehaviour = "none", abilities: Abilities = { forks: true }) {
    const adapter = counterAdapter(lie, this.ledger, abilities);
    const { axes } = counterSpace;
    this.#prologues = new Prologues({ adapter, axes, seed: 1, watchdog: this.#watchdog });
  }

  /** The prologue, and what was written down of it. */
  async play({ condition: asked = condition("small"), lookers = NOBODY, preparation }: Asked = {}) {
    const inquiry = new Inquiry(this.#watchdog);
    const beginning = { condition: asked, preparation, lookers };
    const prologue = await this.#prologues.take(beginning, inquiry);
    await this.#prologues.giveBack(prologue, inquiry);
    return { prologue, events: inquiry.transcript.map(({ event }) => event) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#prologues[Symbol.asyncDispose]();
    this.#watchdog[Symbol.dispose]();
    assert.equal(this.ledger.disposed, this.ledger.started);
  }
}

test("Prologues play a beginning once for all journeys that share it", async () => {
  await using openings = new Openings();
  const first = await openings.play();
  const second = await openings.play({ condition: condition("small", { second: "3" }) });
  assert.equal(second.prologue.rig, first.prologue.rig);
  assert.deepEqual(second.events, first.events);
  assert.deepEqual(first.events, ["started", "saved"]);
  assert.equal(openings.ledger.correlationIds.length, 1);
});

test("Prologues tell beginnings apart by first hop and settings", async () => {
  await using openings = new Openings();
  const { prologue } = await openings.play();
  for (const other of [condition("large"), condition("small", { first: "2" })]) {
    assert.notEqual((await openings.play({ condition: other })).prologue.rig, prologue.rig);
  }
  assert.equal(new Set(openings.ledger.correlationIds).size, 3);
});

test("Prologues ask for the same whether a beginning is shared or not", async () => {
  await using alone = new Openings("none", {});
  await using shared = new Openings();
  assert.deepEqual((await alone.play()).events, (await shared.play()).events);
  assert.deepEqual(alone.ledger.correlationIds, shared.ledger.correlationIds);
});

test("Prologues are played anew for other lookers and for another preparation", async () => {
  await using openings = new Openings();
  const { prologue } = await openings.play();
  const lookers = { scenarios: [], oracles: [] };
  const looked = await openings.play({ lookers });
  assert.notEqual(looked.prologue.rig, prologue.rig);
  const preparation: Preparation = { name: "counting", needs: [], apply() {} };
  const prepared = await openings.play({ lookers, preparation });
  assert.deepEqual(prepared.events, ["started", "prepared", "saved"]);
});

test("Prologues are given up when four newer ones are there, and not before", async () => {
  await using openings = new Openings();
  const sizes = ["a", "b", "c", "d"].map((size) => condition(size));
  const { prologue } = await openings.play({ condition: sizes[0] as Condition });
  for (const other of sizes.slice(1)) await openings.play({ condition: other });
  const again = async () => (await openings.play({ condition: sizes[0] as Condition })).prologue;
  assert.equal((await again()).rig, prologue.rig);
  await openings.play({ condition: condition("e") });
  assert.notEqual((await again()).rig, prologue.rig);
});

test("Prologues of rigs that cannot be copied end with their journey", async () => {
  await using openings = new Openings("none", {});
  const { prologue } = await openings.play();
  assert.equal(openings.ledger.disposed, openings.ledger.started);
  assert.notEqual((await openings.play()).prologue.rig, prologue.rig);
});

test("Prologues hold what lookers have noted", async () => {
  await using openings = new Openings();
  const oracle = {
    name: "watch",
    must: "A claim",
    source: "counter manual, 1",
    needs: [],
    before: ({ lifecycle }) => lifecycle?.nonce(),
    judge() {},
  } satisfies Oracle as Oracle;
  const { prologue } = await openings.play({ lookers: { scenarios: [], oracles: [oracle] } });
  assert.deepEqual(prologue.notes.get(oracle), { carried: 1n });
});

test("Prologues tell how a machine did not boot, or could not be saved", async () => {
  await using openings = new Openings();
  const dead = await openings.play({ condition: condition("small", { fault: "start-crash" }) });
  assert.equal(dead.prologue.started, false);
  assert.deepEqual(dead.prologue.save, { kind: "crashed", reason: "counter is broken" });
  const busy = await openings.play({ condition: condition("small", { fault: "save-fail" }) });
  assert.deepEqual([busy.prologue.started, busy.prologue.save.kind], [true, "refused"]);
  assert.equal(busy.prologue.machine?.lifecycle?.running(), true);
  assert.equal(busy.prologue.saved, undefined);
});

test("Prologues end what they have begun when it cannot go on", async () => {
  await using openings = new Openings();
  const preparation: Preparation = {
    name: "counting",
    needs: [],
    apply() {
      throw new TypeError("no counter");
    },
  };
  const failing = openings.play({ preparation });
  await assert.rejects(failing, new NotAsked("Cannot prepare counting: TypeError: no counter"));
  assert.equal(openings.ledger.disposed, openings.ledger.started);
  await using lying = new Openings("lies-when-started");
  await assert.rejects(lying.play(), AdapterFault);
});
