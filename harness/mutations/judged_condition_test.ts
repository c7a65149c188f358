import assert from "node:assert/strict";
import { test } from "node:test";
import { judgedCells } from "./judged_condition.ts";

const SETTINGS = "devices=none request=none lifetime=Default fault=none";

test("judgedCells() answers the cells of a path of any length", { timeout: 30_000 }, async () => {
  const cells = await judgedCells(
    `openhcl@2411[nohost,privatepool]>main[host,privatepool]>main[host,privatepool] ${SETTINGS}`,
  );
  assert.ok(cells.some(({ scenario }) => scenario === "servicing-basic/guest/comes-back-running"));
  assert.ok(cells.some(({ scenario }) => scenario === "oracle/correlation-id-kept"));
});

test("judgedCells() refuses names that no condition has", async () => {
  const names = [
    `openhcl@2410[host,privatepool]>main[host,privatepool] ${SETTINGS}`,
    `openhcl@2411[host]>main[host,privatepool] ${SETTINGS}`,
    `other@2411[host,privatepool]>main[host,privatepool] ${SETTINGS}`,
    `openhcl@main[host,privatepool] ${SETTINGS}`,
    "openhcl@2411[host,privatepool]>main[host,privatepool] devices=none",
    `openhcl@2411[host,privatepool]>main[host,privatepool] ${SETTINGS.replace("none", "disk")}`,
    // Between releases from 1.7 on the pool cannot go.
    `openhcl@main[host,privatepool]>main[nohost,noprivatepool] ${SETTINGS}`,
  ];
  for (const name of names) {
    await assert.rejects(judgedCells(name), {
      message: `Cannot run condition as it must be possible: current value is ${name}`,
    });
  }
});
