import assert from "node:assert/strict";
import { test } from "node:test";
import { nvmeError } from "./request_error.ts";

test("nvmeError() tells status code type and status code, as upstream does", () => {
  const texts = [0x001, 0x102, 0x281, 0x301, 0x7ff].map((status) => nvmeError(status).message);
  assert.deepEqual(texts, [
    "nvme error: NVMe SCT general error, SC: 0x1",
    "nvme error: NVMe SCT command-specific error, SC: 0x2",
    "nvme error: NVMe SCT media error, SC: 0x81",
    "nvme error: NVMe SCT path-related error, SC: 0x1",
    "nvme error: NVMe SCT vendor-specific error, SC: 0xff",
  ]);
});
