import assert from "node:assert/strict";
import { test } from "node:test";
import type { Rig, RunningMachine, SavedState, SaveRequest } from "./adapter.ts";
import { counterAdapter, type Ledger, type Misbehaviour } from "./counter_machine.ts";
import { Inquiry } from "./inquiry.ts";
import { AdapterFault } from "./outcome.ts";
import type { Hop } from "./path.ts";
import { Watchdog } from "./watchdog.ts";

const HOP: Hop = { implementation: "counter", release: "2", inputs: { mode: "up" } };
const REQUEST: SaveRequest = { correlationId: "some", settings: {} };
const SAVED: SavedState = {
  writer: { implementation: "counter", release: "1" },
  codec: "text",
  bytes: new TextEncoder().encode("7"),
};

interface Asking {
  readonly inquiry: Inquiry;
  readonly rig: Rig;
  readonly ledger: Ledger;
}

/** Has `ask` inquire a counter, and answers what was written down. */
async function inquire(
  ask: (asking: Asking) => Promise<void>,
  { fault = "none", lie = "none" as Misbehaviour } = {},
): Promise<readonly string[]> {
  using watchdog = new Watchdog();
  const inquiry = new Inquiry(watchdog);
  const ledger: Ledger = { started: 0, disposed: 0, correlationIds: [] };
  const rig = await counterAdapter(lie, ledger).rig({ size: "small", fault }, 1);
  await ask({ inquiry, rig, ledger });
  return inquiry.transcript.map(({ event, release, detail }) => `${event} ${release} ${detail}`);
}

/** A machine that has been started; there is one. */
async function started({ inquiry, rig }: Asking): Promise<RunningMachine> {
  const machine = await inquiry.start(rig, HOP);
  assert.ok("release" in machine);
  return machine;
}

test("Inquiry writes down who started, saved and restored", async () => {
  const written = await inquire(async (asking) => {
    const saved = await asking.inquiry.save(await started(asking), HOP, REQUEST);
    assert.ok("bytes" in saved);
    await asking.inquiry.restore(asking.rig, HOP, saved);
  });
  assert.deepEqual(written, [
    "started 2 2[up]",
    "saved 2 1 bytes, correlation some",
    "restored 2 2[up]",
  ]);
});

test("Inquiry tells how a hop ended that did not come up or could not be saved", async () => {
  const crash = await inquire(
    async ({ inquiry, rig }) => {
      const outcome = await inquiry.start(rig, HOP);
      assert.deepEqual(outcome, { kind: "crashed", reason: "counter is broken" });
    },
    { fault: "start-crash" },
  );
  assert.deepEqual(crash, ["not-started 2 counter is broken"]);
  const busy = await inquire(
    async (asking) => {
      const outcome = await asking.inquiry.save(await started(asking), HOP, REQUEST);
      assert.deepEqual(outcome, { kind: "refused", reason: "counter is busy" });
    },
    { fault: "save-fail" },
  );
  assert.equal(busy[1], "save-failed 2 counter is busy; the machine runs on");
  const old = await inquire(async ({ inquiry, rig }) => {
    const outcome = await inquiry.restore(rig, { ...HOP, release: "3" }, SAVED);
    assert.deepEqual(outcome, { kind: "refused", reason: "count too old" });
  });
  assert.deepEqual(old, ["not-restored 3 count too old"]);
});

test("Inquiry takes an adapter that lies for broken", async () => {
  const planned = (who: string) => new AdapterFault(`Planned 2, but 2½ ${who}`);
  await inquire(
    async ({ inquiry, rig, ledger }) => {
      await assert.rejects(inquiry.start(rig, HOP), planned("started"));
      assert.deepEqual([ledger.started, ledger.disposed], [2, 1]);
    },
    { lie: "lies-when-started" },
  );
  await inquire(
    async (asking) => {
      const saving = asking.inquiry.save(await started(asking), HOP, REQUEST);
      await assert.rejects(saving, planned("saved"));
    },
    { lie: "lies-when-saved" },
  );
  await inquire(
    async ({ inquiry, rig, ledger }) => {
      await assert.rejects(inquiry.restore(rig, HOP, SAVED), planned("restored"));
      assert.deepEqual([ledger.started, ledger.disposed], [2, 1]);
    },
    { lie: "lies-when-restored" },
  );
  await inquire(
    async (asking) => {
      const saving = asking.inquiry.save(await started(asking), HOP, REQUEST);
      await assert.rejects(saving, new AdapterFault("Planned counter, but other saved"));
    },
    { lie: "lies-about-itself" },
  );
});

test("Inquiry disposes of what there is, and blames the adapter when that fails", async () => {
  await inquire(async ({ inquiry, rig, ledger }) => {
    await inquiry.dispose(undefined);
    await inquiry.disposeRig(undefined);
    assert.equal(ledger.disposed, 0);
    await inquiry.disposeRig(rig);
    assert.equal(ledger.disposed, 1);
  });
  await inquire(
    async (asking) => {
      const machine = await started(asking);
      const words = "Cannot dispose of 2: TypeError: cannot be stopped";
      await assert.rejects(asking.inquiry.dispose(machine), new AdapterFault(words));
    },
    { lie: "throws-at-dispose" },
  );
});

test("Inquiry blames the adapter for a guest that tells nothing sensible", async () => {
  const odd = { release: "2", guest: { io: () => Promise.resolve({}) } } as unknown;
  await inquire(({ inquiry }) => {
    assert.throws(
      () => inquiry.observe(odd as RunningMachine),
      (error) =>
        error instanceof AdapterFault && /^Cannot tell what the guest of 2/.test(error.message),
    );
    return Promise.resolve();
  });
});
