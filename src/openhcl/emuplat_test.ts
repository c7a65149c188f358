import assert from "node:assert/strict";
import { test } from "node:test";
import { newEnvironment } from "../machine/mod.ts";
import type { EmuplatSavedState } from "../openhcl_state/mod.ts";
import { type Emuplat, newEmuplat, saveEmuplat } from "./emuplat.ts";
import { OFFSET_MIN_MILLIS } from "./local_clock.ts";
import { type AdapterNumbers, numberByFunction, numberTogether } from "./network_adapter.ts";
import { hostWith } from "./rehearsal.ts";
import { openFromDisk } from "./vmgs.ts";

const host = hostWith({ devices: "nvme+mana" });
const { nics } = host.deviceSet;

function platform(
  numbers: AdapterNumbers,
  saved: EmuplatSavedState | null = null,
  arrivals = saved === null ? nics.toReversed() : nics,
): Emuplat {
  return newEmuplat({ host, env: newEnvironment(), vmgs: null, arrivals, numbers }, saved);
}

function indices({ adapters }: Emuplat): readonly number[] {
  return adapters.map(({ index }) => index);
}

test("newEmuplat() counts adapters from one, in the order in which they come", () => {
  assert.deepEqual(indices(platform(numberTogether)), [1, 2]);
  assert.deepEqual(indices(platform(numberByFunction)), [0, 0]);
});

test("newEmuplat() gives every adapter the index that was saved", () => {
  const saved = saveEmuplat(platform(numberTogether));
  assert.deepEqual(indices(platform(numberTogether, saved)), [2, 1]);
});

test("newEmuplat() numbers adapters from zero when no indices were saved", () => {
  const { network_adapter_index: _lost, ...saved } = saveEmuplat(platform(numberTogether));
  assert.deepEqual(indices(platform(numberTogether, saved)), [0, 1]);
  assert.deepEqual(indices(platform(numberByFunction, saved)), [0, 0]);
});

test("newEmuplat() gives an adapter that is new a number that none has had", () => {
  const saved = saveEmuplat(platform(numberTogether, null, nics.slice(0, 1)));
  assert.deepEqual(indices(platform(numberTogether, saved)), [1, 2]);
});

test("newEmuplat() keeps the data path of each adapter", () => {
  const before = platform(numberTogether);
  const [adapter] = before.adapters;
  assert.ok(adapter);
  adapter.directionToVtl0 = [true, null];
  adapter.hiddenVtl0 = true;
  const after = platform(numberTogether, saveEmuplat(before)).adapters[1];
  assert.deepEqual(after?.directionToVtl0, [true, null]);
  assert.equal(after?.hiddenVtl0, true);
});

test("newEmuplat() reads the clock's offset from the file, and from a state without it", () => {
  const { vmgsDisk } = hostWith();
  const parts = { host, env: newEnvironment(), arrivals: [], numbers: numberTogether };
  const first = newEmuplat({ ...parts, vmgs: openFromDisk(vmgsDisk) }, null);
  assert.equal(first.clock.offsetMillis, 3_600_000);
  first.clock.set(-90_000);
  const second = newEmuplat({ ...parts, vmgs: openFromDisk(vmgsDisk) }, null);
  assert.equal(second.clock.offsetMillis, -90_000);
  const third = newEmuplat({ ...parts, vmgs: null }, saveEmuplat(second));
  assert.equal(third.clock.offsetMillis, -90_000);
});

test("newEmuplat() does not let a clock stay farther behind than upstream's two days", () => {
  const before = platform(numberTogether);
  before.clock.set(-5 * 3_600_000);
  assert.equal(before.clock.offsetMillis, -18_000_000);
  const after = platform(numberTogether, saveEmuplat(before));
  assert.equal(after.clock.offsetMillis, OFFSET_MIN_MILLIS);
  assert.equal(OFFSET_MIN_MILLIS, -17_280_000);
});
