/**
 * `freezethaw decode suspend-image`, on the images of the fixtures.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { imageFixture } from "../../src/suspend_image/fixture.ts";
import { product } from "../product.ts";
import { runCommandLine } from "./command_line.ts";
import { silentShell } from "./silent_shell.ts";

/** What the command prints, tells and exits with for these octets. */
async function decoded(octets: Uint8Array, ...options: string[]) {
  let printed = "";
  let told = "";
  const shell = {
    ...silentShell,
    async *input() {
      yield octets;
    },
    write: (text: string) => {
      printed += text;
      return Promise.resolve();
    },
    tell: (text: string) => {
      told += text;
    },
  };
  const code = await runCommandLine(["decode", "suspend-image", ...options], product, shell);
  return { code, printed, told };
}

test("decode suspend-image --json lists the units with their fields", async () => {
  const { code, printed } = await decoded(imageFixture("pv"), "--json");
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(printed), {
    layout: "v2",
    why: "its signature says so",
    header: { signature_octets: 15, end: 192, octets_behind: 0 },
    records: [
      {
        offset: 15,
        type: "0x000f",
        name: "Xenops",
        length: 41,
        fields: { time: "20140918T10:00:00Z", word_size: 64, vm_str: null, xs_subtree: null },
      },
      {
        offset: 72,
        type: "0x00f0",
        name: "Libxc",
        length: 0,
        fields: { version: 2, guest: 1, records: 3, page_records: 1, length: 88 },
      },
      { offset: 176, type: "0xffff", name: "End_of_image", length: 0, fields: {} },
    ],
    violations: [],
    violation_count: 0,
    deviations: [],
  });
});

test("decode suspend-image shows a table, and which units are out of their order", async () => {
  const { code, printed } = await decoded(imageFixture("any_order"));
  assert.equal(code, 0);
  assert.deepEqual(printed.split("\n").slice(2, 4), [
    '15 Swtpm 8 octets=4 begins={"hex":"0001feff"}',
    '39 Qemu_trad 9 octets=9 begins={"hex":"5145564d0000000300"}',
  ]);
  assert.match(printed, /deviation at offset 64, order of the writer: Varstored comes after Qemu/);
});

test("decode suspend-image takes legacy images, and no other when they are asked for", async () => {
  const { code, printed } = await decoded(imageFixture("legacy_hvm"));
  assert.equal(code, 0);
  assert.match(printed, /^layout legacy: .*\n.*\n15 Libxc_legacy 6 .*\n47 Qemu_trad 9 /);
  const { code: finding, told } = await decoded(imageFixture("pv"), "--layout", "legacy");
  assert.equal(finding, 1);
  assert.equal(told, "Cannot decode input at offset 0: must be legacy: its signature says v2\n");
});

test("decode suspend-image of a cut image is a finding with offset and reason", async () => {
  const { code, printed, told } = await decoded(imageFixture("pv").subarray(0, 100), "--json");
  assert.equal(code, 1);
  const reason = "must have 40 octets: there are 12";
  assert.deepEqual(JSON.parse(printed), { ok: false, reason, offset: 88, path: "Libxc.headers" });
  assert.equal(told, `Cannot decode input at offset 88 in Libxc.headers: ${reason}\n`);
});

test("the stream of a virtual GPU ends where its emulator alone knows", async () => {
  const { code, told } = await decoded(imageFixture("vgpu"), "--layout", "vgpu");
  assert.equal(code, 1);
  assert.match(told, /^Cannot decode input at offset 16 in Demu: its end is known to its emulator/);
  const repairing = await decoded(imageFixture("pv"), "--repair", "x", "--out", "y");
  assert.equal(repairing.code, 2);
});
