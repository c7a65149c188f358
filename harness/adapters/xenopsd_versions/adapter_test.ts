/**
 * The model of xenopsd as its releases, without a runner.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { toHex } from "../../../src/bytes/hex.ts";
import type { SavedState } from "../../adapter.ts";
import type { Hop } from "../../path.ts";
import { packed, unpacked } from "./carried.ts";
import { xenopsdAdapter } from "./mod.ts";
import { WAYS } from "./space.ts";

const hop = (release: string): Hop => ({ implementation: "xenopsd", release, inputs: {} });
const REQUEST = { correlationId: "00000000-0000-0000-0000-000000000000" };

/** What is there before and after, and what was carried, perhaps with a change to it. */
async function travelled(
  settings: { readonly way: string; readonly guest: string },
  [from, to]: readonly [string, string],
  change: (state: SavedState) => SavedState = (state) => state,
) {
  await using rig = await xenopsdAdapter.rig(settings, 3);
  await using source = await rig.start(hop(from));
  const was = source.toolstack;
  const seen = [was?.guest(), was?.configuration(), was?.devices()];
  const state = await source.save({ ...REQUEST, settings });
  await using destination = await rig.restore(hop(to), change(state));
  return { seen, toolstack: destination.toolstack, state };
}

for (const way of WAYS) {
  for (const guest of ["bios", "uefi-tpm", "pv", "pv-in-pvh"]) {
    test(`a VM stays what it is within a release: ${way}, ${guest}`, async () => {
      const { seen, toolstack } = await travelled({ way, guest }, ["2026", "2026"]);
      const [was, configuration, devices] = seen;
      assert.deepEqual(toolstack?.guest(), way === "import" ? {} : was);
      assert.deepEqual(toolstack?.configuration(), configuration);
      assert.deepEqual(toolstack?.devices(), devices);
      assert.equal(toolstack?.arrived, toolstack?.left);
    });
  }
}

test("a guest with all that a guest can have is seen with all of it", async () => {
  const { seen } = await travelled({ way: "restart", guest: "uefi-tpm" }, ["2026", "2026"]);
  const [guest = {}, configuration = {}, devices = {}] = seen;
  assert.deepEqual(Object.keys(guest).sort(), [
    "firmware variables",
    "memory",
    "platform device",
    "tpm",
  ]);
  assert.equal(guest.memory?.slice(0, 8), "030a1118");
  assert.equal(configuration.kind, "HVM");
  assert.equal(configuration.on_softreboot, '["Pause"]');
  assert.equal(configuration["disk 0.can_attach_early"], "true");
  assert.deepEqual(devices, {
    "disk 0": "ReadWrite VDI sr/root active, plugged",
    "disk 1": "ReadOnly VDI sr/data active, plugged",
    "interface 0": "fe:00:00:00:00:01 9000 active, plugged",
  });
});

test("what is carried has the form of its writer", async () => {
  const legacy = await travelled({ way: "image", guest: "bios" }, ["2013", "2026"]);
  const { image = new Uint8Array(), metadata = "" } = unpacked(legacy.state.bytes);
  assert.equal(new TextDecoder().decode(image.subarray(0, 15)), "XenSavedDomain\n");
  assert.match(metadata, /"id":\["[-0-9a-f]+","hda"\]/);
  assert.doesNotMatch(metadata, /on_softreboot|generation_id|vusbs|version/);
  const files = unpacked(
    (await travelled({ way: "restart", guest: "bios" }, ["2017", "lima"])).state.bytes,
  ).files;
  const extra = files?.find(([path]) => path[0] === "extra")?.[1] ?? "";
  assert.match(extra, /^\{"non_persistent":\{.*"suspend_memory_bytes":0/);
  assert.doesNotMatch(extra, /version|profile|platformdata/);
});

test("a disk of before 2014 is found under its number by another name", async () => {
  const { toolstack, seen } = await travelled({ way: "image", guest: "bios" }, ["2013", "2017"]);
  assert.deepEqual(toolstack?.devices(), seen[2]);
});

test("a reader refuses what it does not know, in its own words", async () => {
  const rows = [
    [
      "image",
      "uefi-tpm",
      "2023",
      "2022",
      /^Internal_error "Cannot decode type at offset \d+: .*f13"/,
    ],
    ["image", "bios", "2017", "2013", /^Internal_error "Cannot decode signature at offset 0: must/],
    ["import", "pv-in-pvh", "lima", "2017", /^Cannot decode ty as a builder_info: .* PVinPVH$/],
    ["restart", "pv", "lima", "2017", /^Cannot decode non_persistent as a record: .* is absent$/],
  ] as const;
  for (const [way, guest, from, to, message] of rows) {
    await assert.rejects(travelled({ way, guest }, [from, to]), { name: "RefusedError", message });
  }
});

test("an image that is cut or made up is refused, and metadata that are", async () => {
  const cut = (length: number) => (state: SavedState) => {
    const { image = new Uint8Array(), ...rest } = unpacked(state.bytes);
    return { ...state, bytes: packed({ ...rest, image: image.subarray(0, length) }) };
  };
  const settings = { way: "image", guest: "uefi-tpm" };
  const { state } = await travelled(settings, ["2026", "2026"]);
  const whole = unpacked(state.bytes).image ?? new Uint8Array();
  assert.ok(toHex(whole).includes("130f"));
  for (const length of [0, 14, 15, 40, 1000, whole.length - 17, whole.length - 1]) {
    await assert.rejects(travelled(settings, ["2026", "2026"], cut(length)), {
      name: "RefusedError",
      message: /^Internal_error "Cannot decode \S+ at offset \d+: /,
    });
  }
  const spoiled = (old: SavedState) => ({ ...old, bytes: packed({ metadata: '{"vm":{}}' }) });
  await assert.rejects(travelled({ way: "import", guest: "pv" }, ["2026", "2026"], spoiled), {
    name: "RefusedError",
    message: /^Internal_error "Failed to unmarshal metadata: /,
  });
});

test("a live migration to an older release is refused, or ends without the VM", async () => {
  const rows = [
    ["bios", "2022", "naples", "RefusedError", /^Failed_to_contact_remote_service "http:/],
    ["pv", "lima", "2017", "CrashedError", /^the VM goes by another id: 7b719ce6-.*000000000001$/],
    ["uefi-tpm", "2023", "2022", "CrashedError", /^the VM runs nowhere any more: /],
    ["pv-in-pvh", "lima", "2017", "RefusedError", /^Internal_error "Cannot decode ty as a builder/],
  ] as const;
  for (const [guest, from, to, name, message] of rows) {
    await assert.rejects(travelled({ way: "migrate", guest }, [from, to]), { name, message });
  }
});
