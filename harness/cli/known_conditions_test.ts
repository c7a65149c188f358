/** Few conditions in place of all, which show everything that is known to break. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { openReport } from "../report_file.ts";
import { call, inDirectory } from "./called.ts";
import { counterProduct, TOO_OLD } from "./counter_product.ts";

test("run --only-known has few conditions, and every entry in them", async () => {
  await inDirectory(async (out) => {
    const product = counterProduct([TOO_OLD]);
    assert.equal((await call(["run", "--out", out], { product })).code, 0);
    const all = openReport(join(out, "run.ndjson"));
    const few = await call(["run", "--only-known", "--out", out], { product });
    assert.equal(few.code, 0, few.err);
    const { header, end, conditions } = openReport(join(out, "run.ndjson"));
    assert.deepEqual(header.selection, ["--only-known"]);
    assert.ok(header.planned <= 3 && header.planned < all.header.planned);
    assert.deepEqual(end?.stale, []);
    const expected = [...conditions()].flatMap(({ cells }) => cells.map((cell) => cell.expected));
    assert.ok(expected.includes(TOO_OLD.name));
  });
});

test("run --only-known has nothing to run where nothing is known", async () => {
  await inDirectory(async (out) => {
    const product = counterProduct([]);
    const none = await call(["run", "--only-known", "--out", out], { product });
    assert.equal(none.code, 2);
    assert.match(none.err, /nothing matches --only-known/);
    const both = await call(["run", "--only-known", "--only-failed", "--out", out], { product });
    assert.equal(both.code, 2);
    assert.match(both.err, /exclude each other/);
  });
});
