import assert from "node:assert/strict";
import { test } from "node:test";
import { judgedCells } from "./judged_condition.ts";

const SETTINGS = "devices=none request=none";

test("judgedCells() answers the cells of a path of any length", { timeout: 30_000 }, async () => {
  const cells = await judgedCells(
    `openhcl@2411[nohost,privatepool]>main[host,privatepool]>main[host,privatepool] ${SETTINGS}`,
  );
  assert.ok(cells.some(({ scenario }) => scenario === "servicing-basic/guest/comes-back-running"));
  assert.ok(cells.some(({ scenario }) => scenario === "oracle/correlation-id-kept"));
});

test("judgedCells() refuses names that no condition has", async () => {
  const [old, pool] = ["openhcl@2411[host,privatepool]", "main[host,privatepool]"];
  for (const [name, requirement] of [
    [`openhcl@2410[host,privatepool]>${pool} ${SETTINGS}`, "release must be one of 2411, 2505"],
    [`openhcl@2411[host]>${pool} ${SETTINGS}`, "hop must be one of 2411[host,privatepool], "],
    [`other@2411[host,privatepool]>${pool} ${SETTINGS}`, "it must be of openhcl"],
    [`openhcl@${pool} ${SETTINGS}`, "its path must have two hops or more"],
    [`${old}>${pool} devices=none`, "request must be given"],
    [`${old}>${pool} devices=disk request=none`, "value of devices must be one of none, nvme"],
    [`${old}>${pool} ${SETTINGS} fault=none`, `its name must be ${old}>${pool} ${SETTINGS}`],
    // Between releases from 1.7 on the pool cannot go.
    [
      `openhcl@${pool}>main[nohost,noprivatepool] ${SETTINGS}`,
      "it must be possible (pool-from-persisted-region)",
    ],
  ] as const) {
    await assert.rejects(judgedCells(name), (error: Error) => {
      return error.message.startsWith(`Cannot find condition as ${requirement}`);
    });
  }
});
