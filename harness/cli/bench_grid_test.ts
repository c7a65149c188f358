import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { call, inDirectory } from "./called.ts";
import { EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE } from "./exit.ts";

const FEW = ["--most", "6", "--passes", "1", "--paths", "pairs"];

test("bench prints a table of writers and readers for what sums it up", () =>
  inDirectory(async (out) => {
    const answer = await call(["bench", ...FEW, "--out", out]);
    assertEquals(answer.code, EXIT_OK);
    assertMatch(answer.out, /^counter: 6 conditions, 1 whole passes\n/);
    assertMatch(answer.out, /\nsaved in B: p50 \/ p99 \/ maximum\nwriter \\ reader +1 /);
    assertMatch(answer.out, /\nmetric +class +unit +least p50/);
  }));

test("bench grid answers JSON, and leaves it and a page in a folder", () =>
  inDirectory(async (directory) => {
    const { out } = await call(["bench", "grid", ...FEW, "--json", "--out", directory]);
    const result = JSON.parse(out);
    assertEquals([result.type, result.schema, result.complete], ["performance-grid", 1, true]);
    assertMatch(result.machine.id, /^[0-9a-f]{12}$/);
    const cost = result.costs.find(({ metric }: { metric: string }) => metric === "saved");
    assertEquals([cost.class, cost.unit, cost.configuration], ["exact", "B", "all"]);
    assert(Array.isArray(result.failures));
    assertEquals(JSON.parse(readFileSync(join(directory, "bench.json"), "utf8")), result);
    assertMatch(readFileSync(join(directory, "bench.html"), "utf8"), /"name":"saved"/);
  }));

test("bench grid prints what there is after an interrupt", () =>
  inDirectory(async (out) => {
    const answer = await call(["bench", "grid", ...FEW, "--out", out], { interrupt: true });
    assertEquals(answer.code, EXIT_INTERRUPTED);
    assertMatch(answer.out, /not all that were to be/);
  }));

test("bench grid says what it cannot use before it measures", () =>
  inDirectory(async (directory) => {
    const soon = await call(["bench", "grid", "--budget", "soon"]);
    assertEquals(soon.code, EXIT_USAGE);
    assertMatch(soon.err, /a time must be like 90s or 3m: current value is soon/);
    const file = join(directory, "file");
    writeFileSync(file, "");
    const { code, err } = await call(["bench", "grid", "--out", file]);
    assertEquals(code, EXIT_USAGE);
    assertMatch(err, /^Cannot write reports to .*\n$/);
  }));
