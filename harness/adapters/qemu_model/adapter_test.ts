import assert from "node:assert/strict";
import { test } from "node:test";
import type { Condition } from "../../condition.ts";
import type { Hop } from "../../path.ts";
import { qemuModelAdapter } from "./mod.ts";

const hop = (release: string): Hop => ({ implementation: "qemu-model", release, inputs: {} });
const REQUEST = { correlationId: "00000000-0000-0000-0000-000000000000" };

async function travelled(settings: Condition["settings"], from: string, to: string) {
  await using rig = await qemuModelAdapter.rig(settings, 1);
  await using source = await rig.start(hop(from));
  const was = await source.board?.seen();
  const state = await source.save({ ...REQUEST, settings });
  await using destination = await rig.restore(hop(to), state);
  return { was, is: await destination.board?.seen(), lost: destination.board?.lost };
}

const SETTINGS = { devices: "nvme", machine: "pc-1.7", handshake: "capabilities" };

test("a controller and its namespaces travel where one device is two, and back", async () => {
  for (const [from, to] of [
    ["2.5", "5.2"],
    ["5.2", "2.5"],
  ] as const) {
    const { was, is, lost } = await travelled(SETTINGS, from, to);
    assert.equal(was?.["nvme-ns: namespaces.1.nsze"], "8589934592");
    assert.deepEqual(is, was);
    assert.deepEqual(lost, []);
  }
});

test("what an older release has no place for is told", async () => {
  const { lost } = await travelled({ ...SETTINGS, devices: "serial" }, "5.2", "1.7");
  assert.deepEqual(lost, ["serial: serial/recv_fifo", "serial: serial/timeout_ipending"]);
});

test("a refused save leaves the machine running", async () => {
  const settings = { ...SETTINGS, handshake: "none" };
  await using rig = await qemuModelAdapter.rig(settings, 1);
  await using source = await rig.start(hop("5.2"));
  await assert.rejects(source.save({ ...REQUEST, settings }), {
    name: "SaveError",
    machineRuns: true,
  });
});

test("a reader that declines says what of which device", async () => {
  const settings = { ...SETTINGS, devices: "serial", handshake: "none" };
  await assert.rejects(travelled(settings, "5.2", "1.7"), {
    name: "RefusedError",
    message: "Cannot visit serial/recv_fifo as a subsection must be one that it knows",
  });
});

test("a release without the device lacks its board", () => {
  const facets = qemuModelAdapter.capabilities(hop("0.13"), SETTINGS);
  assert.equal(facets.has("board"), false);
});
