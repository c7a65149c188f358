/** The adapter on real QEMUs: few machines, each of which shows one way that a load can go. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RefusedError, type Rig, SaveError } from "../../adapter.ts";
import { qemuAdapter } from "./adapter.ts";
import { readDeviceSets } from "./device_sets.ts";
import { realBoth } from "./real.ts";

const SETS = readDeviceSets(new URL("../../../fixtures/qemu/device_sets.json", import.meta.url));
const adapter = qemuAdapter(SETS);
const REQUEST = { correlationId: "" } as const;

function settingsOf(devices: string, machine = "pc-q35-5.2") {
  return { devices, machine, mode: "cold" };
}

function hop(release: string) {
  return { implementation: "qemu", release, inputs: {} };
}

async function moved(rig: Rig, settings: Record<string, string>, from: string, to: string) {
  const writer = await rig.start(hop(from));
  return await rig.restore(hop(to), await writer.save({ ...REQUEST, settings }));
}

test(
  "Rig carries a machine from one release into the next, which says who it is",
  realBoth("5.2", "11.1"),
  async () => {
    const settings = settingsOf("e1000");
    await using rig = await adapter.rig(settings, 1);
    const machine = await moved(rig, settings, "5.2", "11.1");
    assert.equal(machine.release, "11.1");
    assert.match(machine.build ?? "", /^QEMU 11\.1\.\d+ \(Debian 1:11\.1/);
    assert.equal(await machine.migration?.status(), "prelaunch");
    const again = await machine.migration?.again();
    assert.ok(again !== undefined && "stream" in again && again.stream.length > 100_000);
    const onward = await rig.restore(hop("5.2"), await machine.save({ ...REQUEST, settings }));
    assert.equal(onward.release, "5.2");
  },
);

test(
  "Rig tells a reader that declines from one that breaks",
  realBoth("5.2", "10.0.2"),
  async () => {
    const settings = settingsOf("esp");
    await using rig = await adapter.rig(settings, 1);
    const declined = (error: unknown) =>
      error instanceof RefusedError &&
      error.message.startsWith("layout of 0000:00:01.0/pciespscsi: Missing section footer for ");
    await assert.rejects(moved(rig, settings, "5.2", "10.0.2"), declined);
  },
);

test("Rig tells which device cannot be saved, and the machine stays", realBoth("7.2"), async () => {
  const settings = settingsOf("usb-net");
  await using rig = await adapter.rig(settings, 1);
  const writer = await rig.start(hop("7.2"));
  const declined = (error: unknown) =>
    error instanceof SaveError &&
    error.machineRuns &&
    error.message.startsWith("unmigratable of 0000:00:01.0/1/usb-net: State blocked");
  await assert.rejects(writer.save({ ...REQUEST, settings }), declined);
  assert.equal(await writer.migration?.status(), "prelaunch");
});

test("Rig says what a release lacks for a machine", realBoth("5.2"), async () => {
  const settings = settingsOf("e1000", "pc-q35-7.2");
  await using rig = await adapter.rig(settings, 1);
  const declined = (error: unknown) =>
    error instanceof RefusedError && /^absent: .*unsupported machine type/.test(error.message);
  await assert.rejects(rig.start(hop("5.2")), declined);
});
