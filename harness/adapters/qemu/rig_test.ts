/** What a broken program is blamed for, and what another machine of one that works is like. */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { qemuAdapter } from "./adapter.ts";
import { installed, type Program } from "./installation.ts";
import { planOf } from "./machine_plan.ts";
import { real } from "./real.ts";
import { RELEASES, type Release } from "./releases.ts";
import { QemuRig } from "./rig.ts";
import { Saves } from "./saves.ts";

const SETTINGS = { devices: "bare", machine: "pc-q35-5.2", mode: "cold" };
const SETS = [{ name: "bare", args: [] }];
const HOP = { implementation: "qemu", release: "mine", inputs: {} };
const LIMIT = {
  timeout: 60_000,
  skip: process.platform === "win32" ? "needs a shell of POSIX" : false,
};

test("Rig does not blame a load for what breaks without one", LIMIT, async () => {
  const folder = mkdtempSync(join(tmpdir(), "freezethaw-rig-"));
  const command = join(folder, "mine");
  writeFileSync(command, "#!/bin/sh\nkill -SEGV $$\n");
  chmodSync(command, 0o755);
  const program: Program = { command, args: [], env: {}, version: "mine" };
  const plan = planOf("mine", program, SETTINGS, SETS);
  await using rig = new QemuRig(() => ({ plan, releaseOf: () => "mine" }), new Saves());
  const writer = { implementation: "qemu", release: "mine" };
  const state = { writer, codec: "qemu-stream", bytes: Uint8Array.of(1) };
  try {
    const blamed = /^RefusedError: absent: without migration, crash: SIGSEGV: it said nothing$/;
    await assert.rejects(rig.restore(HOP, state), blamed);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const [OLDEST] = RELEASES as [Release, ...Release[]];

test(
  "Saves.control() saves one more machine, and of the shared one only",
  real(OLDEST),
  async () => {
    const saves = new Saves();
    const program = installed(OLDEST) as Program;
    const plan = planOf(OLDEST.name, program, SETTINGS, SETS);
    const { outcome } = await saves.of(plan);
    assert.ok(typeof outcome !== "string");
    const other = await saves.control(plan, outcome);
    assert.notEqual(other, outcome);
    assert.deepEqual(other, outcome);
    assert.equal(await saves.control(plan, outcome.slice()), undefined);
  },
);

test("Saves.prepare() leaves a failure to whoever asks", LIMIT, async () => {
  const saves = new Saves();
  const program: Program = { command: "/bin/false", args: [], env: {}, version: "mine" };
  const plan = planOf("mine", program, SETTINGS, SETS);
  saves.prepare(plan);
  await assert.rejects(saves.of(plan));
});

test("Adapter forgets machines before another attempt", real(OLDEST), async () => {
  const adapter = qemuAdapter(SETS);
  await using rig = await adapter.rig(SETTINGS, 1);
  const streamOf = async () => {
    const machine = await rig.start({ ...HOP, release: OLDEST.name });
    return (await machine.save({ correlationId: "", settings: SETTINGS })).bytes;
  };
  const first = await streamOf();
  assert.equal(await streamOf(), first);
  adapter.afresh?.();
  assert.notEqual(await streamOf(), first);
});
