import assert from "node:assert/strict";
import { test } from "node:test";
import type { Rig, RunningMachine, SavedState, SaveRequest } from "./adapter.ts";
import { counterAdapter, type Ledger, type Misbehaviour } from "./counter_machine.ts";
import type { Wanted } from "./oracle.ts";
import type { Hop, Path } from "./path.ts";
import { SecondLook } from "./second_look.ts";
import { sightOf } from "./sight.ts";
import { Watchdog } from "./watchdog.ts";

const NEXT: SaveRequest = { correlationId: "next", settings: { size: "small", fault: "none" } };

function hop(release: string): Hop {
  return { implementation: "counter", release, inputs: { mode: "up" } };
}

function state(count: number, release = "2"): SavedState {
  const bytes = new TextEncoder().encode(String(count));
  return { writer: { implementation: "counter", release }, codec: "text", bytes };
}

/** A second look at one edge after the other, with everything that was started. */
class Looks implements AsyncDisposable {
  readonly ledger: Ledger = { started: 0, disposed: 0, correlationIds: [], asked: [] };
  readonly #watchdog = new Watchdog();
  readonly #path: readonly Hop[];
  readonly #look: SecondLook;
  readonly #rig: Promise<Rig>;

  constructor(
    wants: readonly Wanted[],
    releases: readonly string[],
    { fault = "none", lie = "none" as Misbehaviour, forks = true } = {},
  ) {
    this.#path = releases.map(hop);
    this.#look = new SecondLook(this.#watchdog, new Set(wants));
    const adapter = counterAdapter(lie, this.ledger, { forks });
    this.#rig = adapter.rig({ size: "small", fault }, 1);
  }

  /** What shows when edge `index` is crossed with `saved`, or when its restore fails. */
  async cross(index: number, saved: SavedState, fails = false) {
    const [writer, reader] = this.#path.slice(index) as [Hop, Hop];
    const condition = { path: this.#path as unknown as Path, settings: {} };
    const edge = { condition, index, writer, reader, saved, next: () => NEXT };
    const rig = await this.#rig;
    await this.#look.prepare(rig, edge);
    if (fails) return await this.#look.afterFailure(rig, edge);
    await using machine: RunningMachine = await rig.restore(reader, saved);
    return await this.#look.after(machine, edge);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#look.end();
    await (await this.#rig)[Symbol.asyncDispose]();
    this.#watchdog[Symbol.dispose]();
    assert.equal(this.ledger.disposed, this.ledger.started);
  }
}

test("SecondLook does nothing that nobody wants", async () => {
  await using looks = new Looks([], ["1", "2"]);
  assert.deepEqual(await looks.cross(0, state(7)), {});
  assert.deepEqual(await looks.cross(0, state(7), true), {});
  assert.equal(looks.ledger.started, 2);
});

test("SecondLook restores a state again on a copy, and has it saved again", async () => {
  await using looks = new Looks(["again"], ["1", "2"]);
  const { found, again, detour } = await looks.cross(0, state(7));
  assert.equal(found?.nonce, 7n);
  assert.deepEqual(again?.sight, found);
  assert.deepEqual([again?.restore.kind, again?.save?.kind], ["done", "done"]);
  assert.equal(new TextDecoder().decode(again?.resaved?.bytes), "7");
  assert.deepEqual(looks.ledger.correlationIds, ["next"]);
  assert.deepEqual(looks.ledger.asked, [NEXT.settings]);
  assert.equal(detour, undefined);
});

test("SecondLook tells how a second save failed", async () => {
  await using looks = new Looks(["again"], ["1", "2"], { fault: "save-fail" });
  const { again } = await looks.cross(0, state(7));
  assert.deepEqual(again?.save, { kind: "refused", reason: "counter is busy" });
  assert.equal(again?.resaved, undefined);
});

test("SecondLook has nothing to compare where no rig can be copied", async () => {
  await using looks = new Looks(["again", "detour"], ["1", "2", "3"], { forks: false });
  const { found, again } = await looks.cross(0, state(7));
  assert.deepEqual([found, again], [undefined, undefined]);
  assert.equal((await looks.cross(1, state(7))).detour, undefined);
});

test("SecondLook starts the writer again after a restore that failed", async () => {
  await using looks = new Looks(["fallback"], ["1", "3"]);
  const { fallback } = await looks.cross(0, state(7, "1"), true);
  assert.deepEqual(fallback, { kind: "done" });
});

test("SecondLook tells how the writer failed to come back", async () => {
  await using looks = new Looks(["fallback"], ["3", "2"]);
  const { fallback } = await looks.cross(0, state(7, "1"), true);
  assert.deepEqual(fallback, { kind: "refused", reason: "count too old" });
});

test("SecondLook takes a state to the third hop straight, and by way of the second", async () => {
  await using looks = new Looks(["again", "detour"], ["1", "2", "3"]);
  await looks.cross(0, state(7, "2"));
  const { detour } = await looks.cross(1, state(9));
  assert.equal(detour?.direct.restore.kind, "done");
  assert.deepEqual([detour?.direct.sight?.nonce, detour?.round.sight?.nonce], [7n, 7n]);
  assert.equal(detour?.round.save, undefined);
});

test("SecondLook has no way round without a second save, or on a path of two hops", async () => {
  await using failing = new Looks(["again", "detour"], ["1", "2", "3"], { fault: "save-fail" });
  await failing.cross(0, state(7));
  assert.equal((await failing.cross(1, state(7))).detour, undefined);
  await using short = new Looks(["again", "detour"], ["1", "2"]);
  assert.equal((await short.cross(0, state(7))).detour, undefined);
});

test("SecondLook compares all that a machine shows", async () => {
  await using looks = new Looks(["again"], ["1", "2"]);
  const { found } = await looks.cross(0, state(7));
  const rig = await counterAdapter().rig({ size: "small", fault: "none" }, 1);
  await using machine = await rig.restore(hop("2"), state(7));
  assert.deepEqual(found, sightOf(machine));
});

/** What a look at `shown` finds, for who wants nothing else. */
async function foundOn(shown: object) {
  using watchdog = new Watchdog();
  const look = new SecondLook(watchdog, new Set<Wanted>(["found"]));
  const condition = { path: ["1", "2"].map(hop) as unknown as Path, settings: {} };
  const edge = { condition, index: 0, writer: hop("1"), reader: hop("2"), saved: state(7) };
  const machine = { release: "2", ...shown } as unknown as RunningMachine;
  return (await look.after(machine, { ...edge, next: () => NEXT })).found;
}

test("SecondLook reads only the devices of a machine that nothing is compared with", async () => {
  const controllers = [{ pciId: "c05b:00:00.0" }];
  const units = {
    digests() {
      throw new TypeError("nobody compares them");
    },
  };
  const found = await foundOn({ nvme: { controllers: () => controllers }, units });
  assert.deepEqual(found, { nvme: controllers, vmbus: undefined });
});

test("SecondLook blames the adapter for a machine that cannot be looked at", async () => {
  const controllers = () => {
    throw new TypeError("counter is undefined");
  };
  await assert.rejects(foundOn({ nvme: { controllers } }), {
    name: "AdapterFault",
    message: "Cannot look at 2: TypeError: counter is undefined",
  });
});
