/**
 * Upgrades of runtime records, held against rows that were written from the rules.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readJson, type Vm, writeJson } from "../xenops_interface/mod.ts";
import { HOST, PV_BUILDER, recordText, vmWith } from "./fixture.ts";
import { platformDeviceOf } from "./profile.ts";
import { upgradeInternalState } from "./upgrade.ts";
import { EMPTY, PERSISTENT, type Profile, VM_EXTRA, type VmExtra } from "./vm_extra.ts";

interface Fields {
  readonly version: number;
  readonly profile: Profile | null;
  readonly original_profile: Profile | null;
  readonly platformdata: [string, string][];
}

interface Row {
  readonly rules: string;
  readonly kind: "HVM" | "PV";
  readonly given: Fields;
  readonly expected: Fields & { readonly platform_device: [number, number] };
}

const { rows, host, config } = JSON.parse(recordText("upgrades.json")) as {
  rows: Row[];
  host: typeof HOST;
  config: { platformdata: [string, string][] };
};

function given({ version, profile, original_profile, platformdata }: Fields): VmExtra {
  const profiles = {
    ...(profile === null ? {} : { profile }),
    ...(original_profile === null ? {} : { original_profile }),
  };
  return { ...EMPTY, version, platformdata, ...profiles };
}

function configured(kind: Row["kind"]): Vm {
  return vmWith({ ...config, ...(kind === "PV" ? { ty: PV_BUILDER } : {}) });
}

test("the table has every version with every profile, with and without platform data", () => {
  assert.equal(rows.length, 27);
  const first = rows.slice(0, 18).map(({ given: { version, profile, platformdata } }) => {
    return `${version} ${profile} ${platformdata.length}`;
  });
  assert.equal(new Set(first).size, 18);
});

for (const [index, row] of rows.entries()) {
  const { version, profile, platformdata } = row.given;
  const name = `version ${version}, ${profile ?? "no profile"}, ${platformdata.length} pairs`;
  test(`upgradeInternalState(), row ${index}: ${name}: ${row.rules}`, () => {
    const vm = configured(row.kind);
    const upgraded = upgradeInternalState(given(row.given), vm, host);
    const { platform_device, ...expected } = row.expected;
    assert.deepEqual(
      {
        version: upgraded.version,
        profile: upgraded.profile ?? null,
        original_profile: upgraded.original_profile ?? null,
        platformdata: upgraded.platformdata,
      },
      expected,
    );
    assert.deepEqual(platformDeviceOf(upgraded), platform_device);
    // Twice is once, also through the text that is stored in between.
    const stored = PERSISTENT.decode(readJson(writeJson(PERSISTENT.encode(upgraded))));
    const again = upgradeInternalState(stored, vm, host);
    assert.equal(writeJson(PERSISTENT.encode(again)), writeJson(PERSISTENT.encode(upgraded)));
  });
}

test("upgradeInternalState() takes generation id and time offset from the configuration", () => {
  const vm = vmWith({ generation_id: "new" });
  const platformdata = [["generation-id", "old"] as const, ["vga", "std"] as const];
  const ty: VmExtra["ty"] = ["HVM", { ...hvmOf(vm), timeoffset: "0", boot_order: "n" }];
  const upgraded = upgradeInternalState({ ...EMPTY, platformdata, ty }, vm, HOST);
  assert.deepEqual(upgraded.platformdata, [
    ["generation-id", "new"],
    ["vga", "std"],
  ]);
  assert.deepEqual(upgraded.ty, ["HVM", { ...hvmOf(vm), timeoffset: "-3600", boot_order: "n" }]);
  // Without one in the configuration, the one of the running guest stays.
  const kept = upgradeInternalState({ ...EMPTY, platformdata }, vmWith(), HOST);
  assert.deepEqual(kept.platformdata, platformdata);
  // Another kind of guest has no such offset.
  const pv = upgradeInternalState({ ...EMPTY, ty: PV_BUILDER }, vm, HOST);
  assert.deepEqual(pv.ty, PV_BUILDER);
});

function hvmOf({ ty }: Vm) {
  if (ty[0] !== "HVM") throw new RangeError(`Cannot read ${ty[0]} as it must be HVM`);
  return ty[1];
}

test("a file of before 2018 loads, and what was not persistent in it is gone", () => {
  const extra = VM_EXTRA.decode(readJson(recordText("records/extra_pre_lima.json")));
  assert.equal(extra.version, 0);
  assert.equal(extra.last_start_time, 1_388_534_400);
  assert.equal(extra.suspend_memory_bytes, 0n);
  assert.equal(extra.pv_drivers_detected, false);
  const text = writeJson(VM_EXTRA.encode(extra));
  assert.match(text, /^\{"persistent":\{"platformdata":\{\},/);
  assert.doesNotMatch(text, /non_persistent/);
  assert.deepEqual(VM_EXTRA.decode(readJson(text)), extra);
});

test("a file without the persistent part is refused", () => {
  assert.throws(() => VM_EXTRA.decode(readJson('{"non_persistent":{}}')), {
    message: "Cannot decode persistent as a runtime record: current value is absent",
  });
});
