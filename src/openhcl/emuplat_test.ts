import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceSetNamed } from "./device_set.ts";
import {
  newEmuplat,
  numberByFunction,
  numberTogether,
  restoreEmuplat,
  saveEmuplat,
} from "./emuplat.ts";

const { nics } = deviceSetNamed("nvme+mana");
const arrivals = nics.toReversed();

test("restoreEmuplat() gives every adapter the index that was saved", () => {
  const before = newEmuplat(false, arrivals, numberTogether);
  const after = restoreEmuplat(saveEmuplat(before), nics, numberTogether);
  for (const { macAddress, adapterIndex } of before.adapters) {
    const adapter = after.adapters.find((nic) => nic.macAddress === macAddress);
    assert.equal(adapter?.adapterIndex, adapterIndex);
  }
});

test("restoreEmuplat() numbers adapters anew when no indices were saved", () => {
  const before = newEmuplat(false, arrivals, numberTogether);
  const { network_adapter_index: _lost, ...saved } = saveEmuplat(before);
  const indices = (numbers: typeof numberTogether) =>
    restoreEmuplat(saved, nics, numbers).adapters.map(({ adapterIndex }) => adapterIndex);
  assert.deepEqual(indices(numberTogether), [0, 1]);
  assert.deepEqual(indices(numberByFunction), [0, 0]);
});

test("restoreEmuplat() keeps clock, shadowed ranges and data path of each adapter", () => {
  const before = newEmuplat(true, arrivals, numberTogether);
  const after = restoreEmuplat(saveEmuplat(before), nics, numberTogether);
  assert.equal(after.offsetFromHostTimeMillis, before.offsetFromHostTimeMillis);
  assert.equal(after.adjustGpaRange, before.adjustGpaRange);
  assert.equal(after.adjustGpaRange?.handles.length, 13);
  assert.deepEqual(after.adapters[0]?.directionToVtl0, [true]);
  assert.equal(newEmuplat(false, [], numberTogether).adjustGpaRange, null);
});
