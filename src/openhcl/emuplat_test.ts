import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceSetNamed } from "./device_set.ts";
import { newEmuplat, restoreEmuplat, saveEmuplat } from "./emuplat.ts";

const { nics } = deviceSetNamed("nvme+mana");
const arrivals = nics.toReversed();

test("restoreEmuplat() gives every adapter the index that was saved", () => {
  const before = newEmuplat(false, arrivals);
  const after = restoreEmuplat(saveEmuplat(before), nics);
  for (const { macAddress, adapterIndex } of before.adapters) {
    const adapter = after.adapters.find((nic) => nic.macAddress === macAddress);
    assert.equal(adapter?.adapterIndex, adapterIndex);
  }
});

test("restoreEmuplat() numbers adapters anew when no indices were saved", () => {
  const { network_adapter_index: _lost, ...saved } = saveEmuplat(newEmuplat(false, arrivals));
  const after = restoreEmuplat(saved, nics);
  assert.deepEqual(
    after.adapters.map(({ adapterIndex }) => adapterIndex),
    [0, 1],
  );
});

test("restoreEmuplat() keeps clock, shadowed ranges and data path of each adapter", () => {
  const before = newEmuplat(true, arrivals);
  const after = restoreEmuplat(saveEmuplat(before), nics);
  assert.equal(after.offsetFromHostTimeMillis, before.offsetFromHostTimeMillis);
  assert.equal(after.adjustGpaRange, before.adjustGpaRange);
  assert.equal(after.adjustGpaRange?.handles.length, 13);
  assert.deepEqual(after.adapters[0]?.directionToVtl0, [true]);
  assert.equal(newEmuplat(false, []).adjustGpaRange, null);
});
