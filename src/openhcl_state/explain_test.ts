import assert from "node:assert/strict";
import { test } from "node:test";
import { messageNames } from "./catalogue.ts";
import { explainLines, explainMessage } from "./explain.ts";

function lines(name: string): string[] {
  const history = explainMessage(name);
  assert.ok(history, name);
  return explainLines(history);
}

test("explainMessage knows every name of the catalogue, and no other", () => {
  for (const name of messageNames()) assert.equal(explainMessage(name)?.name, name);
  assert.equal(explainMessage("underhill.ServicingStat"), undefined);
});

test("explainLines tells when a field came, and what a missing one does", () => {
  assert.deepEqual(lines("openvmm.pagepool.SlotSavedState"), [
    "openvmm.pagepool.SlotSavedState: message, since 2505," +
      " formerly openhcl.pagepool.SlotSavedState",
    "vm/page_pool_alloc/src/lib.rs",
    "",
    "1  base_pfn: u64",
    "   since 2505; varint",
    "2  size_pages: u64",
    "   since 2505; varint",
    "3  state: openvmm.pagepool.InnerSlotState",
    "   since 2505; message with one variant",
    "   fails when missing: missing enum variant",
  ]);
});

test("explainLines lists a number once for each of its meanings", () => {
  const rows = lines("pci.capabilities.pci_express.SavedState").map((line) => line.trim());
  assert.deepEqual(
    rows.filter((row) => row.startsWith("3 ")).map((row) => row.replace(/ +/g, " ")),
    [
      "3 flr_handler u16 1.7.2511 only varint",
      "3 link_control u16 1.8.2607 only varint",
      "3 slot_control u16 since main varint",
    ],
  );
});

test("explainLines shows the variants of an enum with their fields", () => {
  assert.deepEqual(
    lines("vmbus.server.channels.ModifyState")
      .slice(3)
      .map((row) => row.replace(/ +/g, " ")),
    [
      "# variant type releases wire",
      "1 NotModifying all message",
      "2 Modifying all message",
      " 1 pending_target_vp Option<u32> all optional varint",
    ],
  );
});

test("explainLines says so when there are no fields", () => {
  assert.equal(lines("save_restore.NoSavedState").at(-1), "No fields: always the empty message");
});

test("explainLines prints a table where it fits, and never more than 100 columns", () => {
  assert.deepEqual(lines("nvme_driver.IoQueueSavedState").slice(0, 5), [
    "nvme_driver.IoQueueSavedState: message, since 2505",
    "vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs",
    "",
    "#  field       type                             releases        wire",
    "1  cpu         u32                              since 2505      varint",
  ]);
  assert.equal(lines("t.M")[0], "t.M: message, all releases");
  for (const name of messageNames()) {
    for (const line of lines(name)) assert.ok(line.length <= 100, line);
  }
});
