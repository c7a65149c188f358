import assert from "node:assert/strict";
import { test } from "node:test";
import { NSID_MAX } from "../nvme/mod.ts";
import { guidText, keyText } from "../vmbus/mod.ts";
import { type DeviceIds, withIds } from "./device_ids.ts";
import { type DeviceSet, deviceSetNamed } from "./device_set.ts";
import { hostWith, service } from "./rehearsal.ts";

const NVME_AND_MANA = deviceSetNamed("nvme+mana");
const RELAY = deviceSetNamed("relay");

function pciIds({ nvme }: DeviceSet): string[] {
  return nvme.map(({ pciId }) => pciId);
}

test("withIds() gives the same object for the same identifiers", () => {
  assert.equal(withIds(RELAY, "usual"), RELAY);
  assert.equal(withIds(RELAY, "wide"), withIds(RELAY, "wide"));
  assert.notEqual(withIds(RELAY, "wide"), withIds(RELAY, "reversed"));
});

test("withIds(reversed) turns every order round and keeps the identifiers", () => {
  const reversed = withIds(NVME_AND_MANA, "reversed");
  assert.deepEqual(pciIds(reversed), pciIds(NVME_AND_MANA).toReversed());
  assert.deepEqual(reversed.nicArrivals, NVME_AND_MANA.nicArrivals.toReversed());
  const texts = ({ relayed }: DeviceSet) =>
    (relayed ?? []).map(({ offer }) => guidText(offer.key.instance_id));
  assert.deepEqual(texts(withIds(RELAY, "reversed")), texts(RELAY).toReversed());
});

test("withIds(wide) goes to the end of each range and keeps devices apart", () => {
  const wide = withIds(NVME_AND_MANA, "wide");
  assert.deepEqual(pciIds(wide), ["ffff:00:00.0", "fffe:00:00.0"]);
  assert.deepEqual(wide.nicArrivals.toSorted(), ["fffc:00:00.0", "fffd:00:00.0"]);
  assert.equal(wide.nvme[0]?.namespaces[0]?.nsid, NSID_MAX);
  const keys = [...wide.scsi, ...wide.net].map(({ offer }) => keyText(offer.key));
  assert.equal(new Set(keys).size, 3);
});

for (const ids of ["reversed", "wide", "fused", "unreadable"] satisfies DeviceIds[]) {
  test(`restore() takes devices over whose identifiers are ${ids}`, () => {
    const openhcl = service(hostWith({ devices: "nvme+mana", ids }), ["1.8.2607", "main"]);
    assert.ok(openhcl.nvme().every(({ restored }) => restored));
    assert.ok(openhcl.nics().every(({ restored }) => restored));
  });
}
