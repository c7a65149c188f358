import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { readMetrics } from "../bench/mod.ts";
import { call, inDirectory } from "./called.ts";
import { EXIT_FINDING, EXIT_INTERRUPTED, EXIT_OK, EXIT_UNKNOWN, EXIT_USAGE } from "./exit.ts";

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
    assertEquals([result.type, result.schema, result.complete], ["performance-grid", 2, true]);
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

/** Measures twice in `directory`, the second time beside a changed result of the first. */
async function again(directory: string, change: (text: string) => string) {
  const args = ["bench", ...FEW, "--out", directory];
  await call(args);
  const baseline = join(directory, "before.json");
  writeFileSync(baseline, change(readFileSync(join(directory, "bench.json"), "utf8")));
  return await call([...args, "--baseline", baseline]);
}

test("bench grid finds an exact cost that grew since a baseline", () =>
  inDirectory(async (directory) => {
    const same = await again(directory, (text) => text);
    assertEquals([same.code, /0 exact costs changed/.test(same.err)], [EXIT_OK, true]);
    const less = await again(directory, (text) =>
      text.replace(/("metric":"saved"[^}]*"max":)(\d+)/g, "$1 0"),
    );
    assertEquals(less.code, EXIT_FINDING);
    assertMatch(less.err, /\n {2}regression: saved of 1 > 1: \d+ to 0 became \d+ to \d+ B\n/);
  }));

test("bench grid refuses a baseline of another machine, schema or shape before it measures", () =>
  inDirectory(async (directory) => {
    for (const [from, to, words] of [
      [/"id":"[0-9a-f]+"/, '"id":"0"', "it is of another machine"],
      [/"schema":2/, '"schema":1', "it is schema 1 in place of 2"],
      [/^\{/, "", "Cannot read a result as it must have JSON"],
    ] as const) {
      const { code, err, out } = await again(directory, (text) => text.replace(from, to));
      assertEquals([code, out], [EXIT_USAGE, ""], words);
      assert(err.includes(words) && err.trimEnd().split("\n").length === 1, err);
    }
  }));

test("bench grid keeps results, and bench trend shows those of any machine", () =>
  inDirectory(async (directory) => {
    const history = join(directory, "h.sqlite");
    const args = ["bench", ...FEW, "--out", directory, "--history", history];
    assertMatch((await call(args)).err, /Kept as measurement 1 of /);
    await call(args);
    assertMatch(readFileSync(join(directory, "bench.html"), "utf8"), /"name":"[^"]*h\.sqlite#1"/);
    const other = join(directory, "other.json");
    const text = readFileSync(join(directory, "bench.json"), "utf8");
    writeFileSync(other, text.replace(/"id":"[0-9a-f]+"/, '"id":"0"'));
    const { code, out } = await call(["bench", "trend", other, history, "--metric", "saved"]);
    assertEquals(code, EXIT_OK);
    const lines = out.trimEnd().split("\n");
    assertMatch(lines[0] ?? "", /^result +version +saved: p50/);
    assertEquals(
      lines.map((line) => line.includes("another machine")),
      [false, true, false, false],
    );
    const json = await call(["bench", "trend", history, "--between", "1>1", "--json"]);
    assertEquals(JSON.parse(json.out).length, 2);
  }));

test("bench trend says what it cannot show", () =>
  inDirectory(async (directory) => {
    await call(["bench", ...FEW, "--out", directory]);
    const file = join(directory, "bench.json");
    for (const [args, words] of [
      [[join(directory, "none.json")], "ENOENT"],
      [[file, "--metric", "speed"], "metric"],
      [[file, "--between", "1"], "--between must be writer>reader: current value is 1"],
    ] as const) {
      const { code, err } = await call(["bench", "trend", ...args]);
      assertEquals(code, EXIT_USAGE, words);
      assert(err.includes(words), err);
    }
  }));

test("bench grid --lines prints what bench compare reads, and leaves no files", () =>
  inDirectory(async (directory) => {
    const where = ["--where", "writer=1", "--where", "reader=1"];
    const answer = await call(["bench", ...FEW, ...where, "--lines", "--out", directory]);
    assertEquals(answer.code, EXIT_OK);
    const metrics = readMetrics(answer.out);
    const classOf = (name: string) => metrics.find(({ metric }) => metric === name)?.class;
    assertEquals(classOf("hop"), "timed");
    assert(
      metrics.some(({ metric }) => metric.startsWith("saved ")),
      answer.out,
    );
    // What the harness takes itself is no matter of the program.
    assertEquals([classOf("around"), classOf("this process")], [undefined, undefined]);
    assertEquals(readdirSync(directory), []);
  }));

test("bench grid --lines tells why there is nothing to compare", () =>
  inDirectory(async (directory) => {
    const where = ["--where", "writer=1", "--where", "reader=3"];
    const { code, out, err } = await call([
      "bench",
      ...FEW,
      ...where,
      "--lines",
      "--out",
      directory,
    ]);
    assertEquals([code, out], [EXIT_UNKNOWN, ""]);
    assertMatch(err, /count too old/);
  }));
