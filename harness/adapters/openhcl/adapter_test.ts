import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CrashedError,
  HungError,
  RefusedError,
  type RunningMachine,
  type SavedState,
  SaveError,
  type SaveRequest,
} from "../../adapter.ts";
import type { Hop } from "../../path.ts";
import { openhclAdapter } from "./adapter.ts";

const ID = "8a3f5c1e-7b2d-4f60-9c1a-0d2e4f6a8b1c";
const USUAL = { devices: "none", lifetime: "Default", request: "nvme+mana", fault: "none" };

function hop(release: string, host = "host", pool = "privatepool"): Hop {
  return { implementation: "openhcl", release, inputs: { host, pool } };
}

/** What the host asks for at a save under `settings`. */
function asking(settings: Partial<typeof USUAL> = {}): SaveRequest {
  return { correlationId: ID, settings: { ...USUAL, ...settings } };
}

async function saved(settings: Partial<typeof USUAL>, release: string): Promise<SavedState> {
  const rig = await openhclAdapter.rig({ ...USUAL, ...settings }, 1);
  const machine = await rig.start(hop(release));
  return await machine.save(asking(settings));
}

async function serviced(
  settings: Partial<typeof USUAL>,
  writer: string,
  reader: string,
): Promise<RunningMachine> {
  const rig = await openhclAdapter.rig({ ...USUAL, ...settings }, 1);
  const machine = await rig.start(hop(writer));
  return await rig.restore(hop(reader), await machine.save(asking(settings)));
}

function capabilities(settings: Partial<typeof USUAL>, at: Hop): string[] {
  const all = openhclAdapter.capabilities(at, { ...USUAL, ...settings });
  return [...all].filter((name) => name.includes(".") || name.startsWith("n")).sort();
}

test("openhclAdapter offers NVMe and NICs only with such devices", () => {
  assert.deepEqual(capabilities({}, hop("main")), []);
  assert.deepEqual(capabilities({ devices: "relay" }, hop("main")), []);
  assert.deepEqual(capabilities({ devices: "nvme", request: "none" }, hop("main")), ["nvme"]);
  assert.deepEqual(capabilities({ devices: "nvme+mana", request: "none" }, hop("main")), [
    "nic",
    "nvme",
  ]);
});

test("openhclAdapter offers keepalive when it is in force at the hop", () => {
  const all = { devices: "nvme+mana" };
  const both = ["mana.keepalive", "nic", "nvme", "nvme.keepalive"];
  assert.deepEqual(capabilities(all, hop("1.7.2511")), both);
  assert.deepEqual(capabilities(all, hop("2505")), ["nic", "nvme", "nvme.keepalive"]);
  assert.deepEqual(capabilities(all, hop("2411")), ["nic", "nvme"]);
  assert.deepEqual(capabilities(all, hop("main", "nohost")), ["nic", "nvme"]);
  assert.deepEqual(capabilities({ ...all, request: "mana" }, hop("main")), [
    "mana.keepalive",
    "nic",
    "nvme",
  ]);
});

test("Rig.restore() reports the release, the writer and the correlation id", async () => {
  const state = await saved({}, "2505");
  assert.deepEqual(state.writer, { implementation: "openhcl", release: "2505" });
  assert.equal(state.codec, "mesh");
  const machine = await serviced({}, "2505", "main");
  assert.equal(machine.release, "main");
  assert.equal(machine.servicing?.correlationId(), ID);
  assert.ok(machine.lifecycle?.running());
});

test("RunningMachine has exactly the facets of its capabilities", async () => {
  const machine = await serviced({ devices: "nvme" }, "main", "main");
  assert.notEqual(machine.nvme, undefined);
  assert.equal(machine.nic, undefined);
});

test("RunningMachine.save() that is refused says whether the machine runs on", async () => {
  const refusals = {
    "servicing:fail:save": true,
    "unit:unsavable:save": true,
    "machine:isolated:save": true,
    "machine:paused:save": false,
  };
  for (const [fault, runs] of Object.entries(refusals)) {
    const rig = await openhclAdapter.rig({ ...USUAL, fault }, 1);
    const machine = await rig.start(hop("main"));
    await assert.rejects(
      machine.save(asking({ fault })),
      (error: Error) => error instanceof SaveError && error.machineRuns === runs,
    );
    assert.equal(machine.lifecycle?.running(), runs);
  }
});

test("Rig tells a hang, a crash and a refusal apart", async () => {
  await assert.rejects(saved({ fault: "servicing:stuck:save" }, "2411"), HungError);
  await assert.rejects(saved({ fault: "units:slow:save" }, "main"), CrashedError);
  await assert.rejects(serviced({ fault: "servicing:stuck:restore" }, "main", "main"), HungError);
  await assert.rejects(saved({ lifetime: "Ephemeral" }, "2505"), CrashedError);
  await assert.rejects(serviced({ lifetime: "Ephemeral" }, "main", "2411"), RefusedError);
  await assert.rejects(serviced({ fault: "unit:unknown:between" }, "main", "main"), RefusedError);
});

test("Rig disturbs the first save only", async () => {
  const fault = "unit:unsavable:save";
  const rig = await openhclAdapter.rig({ ...USUAL, fault }, 1);
  const machine = await rig.start(hop("main"));
  await assert.rejects(machine.save(asking({ fault })), SaveError);
  const state = await machine.save(asking());
  assert.ok((await rig.restore(hop("2505"), state)).lifecycle?.running());
});

test("Rig.restore() takes a state from elsewhere as its first hop", async () => {
  const state = await saved({ devices: "nvme" }, "main");
  const rig = await openhclAdapter.rig({ ...USUAL, devices: "nvme" }, 2);
  const machine = await rig.restore(hop("1.8.2607"), state);
  assert.ok(machine.nvme?.controllers().every(({ restored }) => restored));
  const again = await machine.save(asking());
  assert.ok((await rig.restore(hop("main"), again)).lifecycle?.running());
});

test("Rig.restore() takes a state from elsewhere in place of its own", async () => {
  const kept = { devices: "nvme", request: "nvme" };
  const state = await saved(kept, "main");
  const rig = await openhclAdapter.rig({ ...USUAL, ...kept }, 2);
  const machine = await rig.start(hop("main", "nohost"));
  await machine.save(asking(kept));
  const restored = await rig.restore(hop("1.7.2511"), state);
  assert.ok(restored.nvme?.controllers().every((controller) => controller.restored));
});

test("Rig.restore() refuses bytes from elsewhere that are no state", async () => {
  const rig = await openhclAdapter.rig(USUAL, 1);
  const writer = { implementation: "openhcl", release: "main" };
  const state = { writer, codec: "mesh", bytes: Uint8Array.of(0x0a, 0xff) };
  await assert.rejects(rig.restore(hop("main"), state), RefusedError);
});

test("openhclAdapter refuses values that no axis has", async () => {
  await assert.rejects(
    async () =>
      await openhclAdapter.rig({ devices: "floppy" }, 1).then((rig) => rig.start(hop("main"))),
    RangeError,
  );
  assert.throws(() => openhclAdapter.capabilities(hop("2600"), USUAL), RangeError);
});

test("RunningMachine shows the same digests on both sides", async () => {
  const rig = await openhclAdapter.rig({ ...USUAL, devices: "nvme+mana" }, 1);
  const machine = await rig.start(hop("main"));
  const before = machine.units?.digests();
  const after = await rig.restore(hop("1.7.2511"), await machine.save(asking()));
  assert.deepEqual(after.units?.found?.(), before);
  assert.equal(before?.get("input"), "");
  assert.match(before?.get("rtc") ?? "", /^[0-9a-f]{8}$/);
});
