import assert from "node:assert/strict";
import { test } from "node:test";
import { METADATA, readJson, type Vm } from "../xenops_interface/mod.ts";
import { HOST, PV_BUILDER, recordText, vmWith } from "./fixture.ts";
import {
  demandBuildInfo,
  domainConfigOf,
  exportMetadata,
  generateStateString,
  importMetadata,
  newExtra,
  platformDeviceOf,
} from "./mod.ts";
import { profileOf } from "./profile.ts";
import { EMPTY, PERSISTENT } from "./vm_extra.ts";

const ID = "7b719ce6-0b17-9733-e8ee-dbc1e6e7b701";

test("importMetadata() upgrades names of disks, and gives devices the id of their VM", () => {
  const carried = importMetadata(recordText("records/metadata_2014.json"), HOST);
  assert.deepEqual(
    carried.vbds.map(({ id }) => id),
    [
      [ID, "xvda"],
      [ID, "xvdb"],
    ],
  );
  assert.deepEqual(carried.vifs[0]?.id, [ID, "0"]);
  assert.deepEqual(carried.pcis[0]?.id, [ID, "0"]);
  // Lists that the writer did not have are empty, and there is no runtime record.
  assert.deepEqual([carried.vgpus, carried.vusbs, carried.extra], [[], [], undefined]);
  // The host's whole set, as the VM comes without one.
  assert.deepEqual(carried.vm.platformdata, [
    ["featureset", HOST.features_hvm],
    ["vga", "std"],
  ]);
});

test("importMetadata() takes the set of PV for a PV guest, and leaves a set that there is", () => {
  const platformdata = [["featureset", "1"] as const];
  const none = { vbds: [], vifs: [], pcis: [], vgpus: [], vusbs: [] };
  const featuresOf = (changes: Partial<Vm>) =>
    importMetadata(exportMetadata({ ...none, vm: vmWith(changes) }), HOST).vm.platformdata;
  assert.deepEqual(featuresOf({ ty: PV_BUILDER, platformdata: [] }), [
    ["featureset", HOST.features_pv],
  ]);
  assert.deepEqual(featuresOf({ platformdata }), platformdata);
});

test("importMetadata() passes over what a later release has added, at each level", () => {
  const carried = importMetadata(recordText("records/metadata_future.json"), HOST);
  assert.deepEqual(carried.vm.ty[0], "HVM");
  assert.deepEqual(carried.vbds[0]?.id, [ID, "xvda"]);
  assert.deepEqual(carried.pcis[0]?.address, { domain: 0, bus: 3, dev: 0, fn: 1 });
  assert.equal(carried.vgpus[0]?.implementation, "Empty");
  assert.equal(carried.extra?.version, 2);
  // The configuration has another generation id than the running guest.
  assert.deepEqual(carried.extra?.platformdata, [
    ["generation-id", "11111111-2222-3333-4444-555555555555"],
    ["vga", "std"],
  ]);
});

test("importMetadata() refuses what it cannot read as an error of the interface", () => {
  const rows = [
    recordText("records/metadata_future_builder.json"),
    recordText("records/metadata_future.json").replace('\\"version\\"', '\\"version'),
    recordText("records/metadata_future.json").replace("Qemu_upstream_compat", "Qemu_later"),
    "{",
    "[]",
    "null",
    `${"[".repeat(100_000)}`,
  ];
  for (const text of rows) {
    assert.throws(
      () => importMetadata(text, HOST),
      { name: "Error", message: /^Internal_error "Failed to unmarshal / },
      text.slice(0, 80),
    );
  }
});

test("what is exported comes in again as it was, but for the defaults of the host", () => {
  const vm = vmWith();
  const extra = { ...newExtra(vm, 5.5), suspend_memory_bytes: 2n ** 53n + 1n };
  const first = importMetadata(recordText("records/metadata_2014.json"), HOST);
  const text = exportMetadata({ ...first, extra });
  assert.deepEqual(importMetadata(text, HOST), {
    ...first,
    extra: { ...extra, ...importMetadata(text, HOST).extra },
  });
  assert.equal(importMetadata(text, HOST).extra?.suspend_memory_bytes, 2n ** 53n + 1n);
  assert.equal(METADATA.decode(readJson(exportMetadata(first))).domains, undefined);
});

test("generateStateString() makes a record of version 0 that can be imported", () => {
  const vm = vmWith();
  const extra = PERSISTENT.decode(readJson(generateStateString(vm)));
  assert.equal(extra.version, 0);
  assert.equal(extra.last_start_time, 0);
  assert.deepEqual(extra.ty, vm.ty);
  assert.ok(demandBuildInfo(extra, vm.id));
  const none = { vbds: [], vifs: [], pcis: [], vgpus: [], vusbs: [] };
  assert.equal(importMetadata(exportMetadata({ ...none, vm, extra }), HOST).extra?.version, 0);
});

test("demandBuildInfo() and domainConfigOf() refuse what cannot be guessed", () => {
  assert.throws(() => demandBuildInfo(EMPTY, "v"), {
    message: 'Does_not_exist ["build_info","v"]',
  });
  const [, pv] = PV_BUILDER;
  const inPvh = vmWith({ ty: ["PVinPVH", pv] as Vm["ty"] });
  assert.throws(() => domainConfigOf(EMPTY, inPvh), {
    message: /^Internal_error "VM = .*; no domain_config for PVinPVH"$/,
  });
  // The one that was kept is taken, and is made for a VM that starts.
  assert.ok(domainConfigOf(newExtra(inPvh, 1), inPvh));
  assert.ok(domainConfigOf(EMPTY, vmWith()));
});

test("profileOf() refuses profiles that no host has any more", () => {
  const named = (name: string) => vmWith({ platformdata: [["device-model", name]] });
  assert.equal(profileOf(vmWith()), "Qemu_upstream_compat");
  assert.equal(profileOf(named("qemu-upstream-uefi")), "Qemu_upstream_uefi");
  assert.equal(profileOf(named("toString")), "Qemu_upstream_compat");
  assert.equal(profileOf(vmWith({ ty: PV_BUILDER })), undefined);
  for (const name of ["qemu-trad", "qemu-upstream"]) {
    const message = `Internal_error "device-model must be one that there is: is ${name}"`;
    assert.throws(() => profileOf(named(name)), { message });
  }
});

test("newExtra() has the version of its writer, and the platform device that goes with it", () => {
  assert.deepEqual(newExtra(vmWith(), 1).xen_platform, [1, 1]);
  assert.deepEqual(newExtra(vmWith(), 1, 1).xen_platform, [1, 2]);
  const vm = vmWith({ platformdata: [["device_id", "C000"]] });
  assert.deepEqual(newExtra(vm, 1).xen_platform, [0xc000, 2]);
  const odd = { ...EMPTY, platformdata: [["device_id", "x"] as const] };
  assert.throws(() => platformDeviceOf(odd), { message: /device_id must be hexadecimal: is x/ });
  const set = vmWith({ platformdata: [["nested-virt", "true"]] });
  assert.deepEqual([newExtra(set, 1).nested_virt, newExtra(set, 1).nomigrate], [true, false]);
});
