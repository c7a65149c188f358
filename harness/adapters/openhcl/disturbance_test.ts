import assert from "node:assert/strict";
import { test } from "node:test";
import { CrashedError, type Rig, type RunningMachine, type SavedState } from "../../adapter.ts";
import { FAULTS, type Fault, faultName } from "../../faults/mod.ts";
import type { Hop } from "../../path.ts";
import { openhclAdapter } from "./adapter.ts";

const CORRELATION_ID = "01234567-89ab-cdef-0123-456789abcdef";

function hop(release: string, pool = "privatepool"): Hop {
  return { implementation: "openhcl", release, inputs: { host: "host", pool } };
}

/** A machine that has what `fault` strikes, with its devices kept alive or begun afresh. */
function settingsOf({ devices = ["none"], ...fault }: Fault, request: string) {
  const [first = "none"] = devices;
  return { devices: first, request, lifetime: "Default", fault: faultName(fault) };
}

/** How far a machine under a fault came, and how it ended. */
interface Trip {
  readonly rig: Rig;
  readonly restored: RunningMachine | null;
  readonly errors: readonly Error[];
}

/** One edge under a fault; a restore that was killed is tried once more. */
async function travel(settings: Record<string, string>, from: Hop, to: Hop): Promise<Trip> {
  const rig = await openhclAdapter.rig(settings, 1);
  const machine = await rig.start(from);
  const errors: Error[] = [];
  const attempt = async <T>(work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      errors.push(error as Error);
      return null;
    }
  };
  const request = { correlationId: CORRELATION_ID, settings };
  const state = await attempt(() => machine.save(request));
  if (state === null) return { rig, restored: null, errors };
  const restore = () => attempt(() => rig.restore(to, state));
  const restored = (await restore()) ?? (await restore());
  await attempt(async () => await restored?.goOn?.());
  return { rig, restored, errors };
}

function killed(error: Error): boolean {
  return error instanceof CrashedError && error.killed;
}

for (const fault of FAULTS) {
  test(`Disturbance makes the model suffer ${faultName(fault)}`, async () => {
    const main = hop("main");
    const kept = await travel(settingsOf(fault, "nvme+mana"), main, main);
    const afresh = await travel(settingsOf(fault, "none"), main, main);
    const struck = [kept, afresh].filter(({ rig }) => rig.struck?.()?.words === fault.meaning);
    assert.ok(struck.length > 0);
    const crashes = fault.kind.startsWith("crash-") && faultName(fault) !== "send:crash-after:save";
    for (const { errors } of struck) assert.ok(!crashes || errors.some(killed), String(errors));
  });
}

test("Disturbance tells nothing without a fault, or where nobody comes to its place", async () => {
  const quiet = { devices: "nvme", request: "nvme", lifetime: "Default", fault: "none" };
  assert.equal((await travel(quiet, hop("main"), hop("main"))).rig.struck?.(), null);
  const early = { ...quiet, fault: "dma:crash-in:save" };
  assert.equal((await travel(early, hop("main"), hop("main"))).rig.struck?.(), null);
  const lacking = { ...quiet, fault: "dma:crash-before:save" };
  const trip = await travel(lacking, hop("2411"), hop("2411"));
  assert.equal(trip.rig.struck?.(), null);
  assert.ok(trip.restored?.lifecycle?.running());
});

test("Disturbance kills a restore once, and what is started again comes up", async () => {
  const settings = {
    devices: "nvme",
    request: "nvme",
    lifetime: "Default",
    fault: "units:crash-in:restore",
  };
  const { restored, errors } = await travel(settings, hop("1.8.2607"), hop("main"));
  assert.deepEqual(errors.map(killed), [true]);
  assert.ok(restored?.lifecycle?.running());
});

test("Disturbance lets the host have a state whose writer dies after handing it over", async () => {
  const settings = { devices: "none", request: "none", fault: "send:crash-after:save" };
  const { restored, errors } = await travel(settings, hop("main"), hop("main"));
  assert.deepEqual(errors, []);
  assert.ok(restored?.lifecycle?.running());
});

test("Disturbance puts another state in place of the saved one", async () => {
  const found = async (fault: string) => {
    const settings = { devices: "none", request: "none", lifetime: "Default", fault };
    const { restored } = await travel(settings, hop("main"), hop("main"));
    return restored?.units?.found?.();
  };
  const own = await found("none");
  assert.ok(own !== undefined);
  assert.notDeepEqual(await found("state:foreign:between"), own);
  // What a machine was before it went on is what one is that has not gone on.
  assert.deepEqual(await found("state:stale:between"), own);
});

test("Disturbance lets a machine go on whose earlier state takes its own one's place", async () => {
  const digestsAt = async (fault: string) => {
    const settings = { devices: "none", request: "none", lifetime: "Default", fault };
    const rig = await openhclAdapter.rig(settings, 1);
    const machine = await rig.start(hop("main"));
    const before = machine.units?.digests();
    await machine.save({ correlationId: CORRELATION_ID, settings });
    return { before, after: machine.units?.digests() };
  };
  const quiet = await digestsAt("none");
  assert.deepEqual(quiet.after, quiet.before);
  const stale = await digestsAt("state:stale:between");
  assert.notDeepEqual(stale.after, stale.before);
});

test("Disturbance leaves the state that the harness holds as it was saved", async () => {
  const settings = { devices: "none", request: "none", fault: "state:flipped:between" };
  const rig = await openhclAdapter.rig(settings, 1);
  const machine = await rig.start(hop("main"));
  const state: SavedState = await machine.save({ correlationId: CORRELATION_ID, settings });
  const before = state.bytes.slice();
  await rig.restore(hop("main"), state).catch(() => {});
  assert.deepEqual(state.bytes, before);
});

test("Disturbance goes along with a copy of its rig", async () => {
  const settings = { devices: "none", request: "none", fault: "fetch:crash-after:restore" };
  const rig = await openhclAdapter.rig(settings, 1);
  const machine = await rig.start(hop("main"));
  const state = await machine.save({ correlationId: CORRELATION_ID, settings });
  const copy = rig.fork?.();
  assert.ok(copy !== undefined);
  for (const each of [rig, copy]) {
    await assert.rejects(each.restore(hop("main"), state), killed);
    assert.ok((await each.restore(hop("main"), state)).lifecycle?.running());
  }
});
