/**
 * What the command line does when the outside does not play along: nobody reads, nothing can be
 * written, lines have no end, options contradict each other.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { call, inDirectory } from "./called.ts";
import { counterProduct } from "./counter_product.ts";
import { INPUT_SIZE_MAX } from "./input.ts";
import { wantsColour } from "./shell.ts";

test("run whose output nobody reads writes its files and keeps its exit code", async () => {
  await inDirectory(async (directory) => {
    const product = counterProduct([]);
    const args = ["run", "--out", directory];
    const { code, err } = await call(args, { product, closed: true });
    assert.deepEqual([code, err], [1, ""]);
    for (const file of ["junit.xml", "report.md", "report.html"]) {
      assert.match(readFileSync(join(directory, file), "utf8"), /^\d+ planned/);
    }
  });
});

test("commands whose output nobody reads end without a word", async () => {
  for (const args of [["--help"], ["--version"], ["list", "conditions"], ["explain", "Count"]]) {
    assert.deepEqual(await call(args, { closed: true }), { code: 0, out: "", err: "" });
  }
  assert.equal((await call([], { closed: true })).code, 2);
});

test("run says in one line where reports cannot be written, and exits 2", async () => {
  await inDirectory(async (directory) => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    const taken = join(directory, "taken");
    mkdirSync(join(taken, "junit.xml"), { recursive: true });
    for (const [out, expected] of [
      [file, `Cannot write reports to ${file}: EEXIST\n`],
      [join(file, "below"), `Cannot write reports to ${join(file, "below")}: ENOTDIR\n`],
      [taken, `Cannot write reports to ${join(taken, "junit.xml")}: EISDIR\n`],
      ["", "Cannot write reports to : ENOENT\n"],
    ] as const) {
      const { code, err } = await call(["run", "--out", out]);
      assert.deepEqual([code, err], [2, expected]);
    }
    const deep = join(directory, "a", "b", "c");
    assert.equal((await call(["run", "--out", deep])).code, 0);
  });
});

test("run does not hang where no directory can be made", {
  skip: process.platform === "linux" ? false : "needs /proc",
}, async () => {
  const { code, err } = await call(["run", "--out", "/proc/no-such/reports"]);
  assert.deepEqual([code, err], [2, "Cannot write reports to /proc/no-such: ENOENT\n"]);
});

test("run says that the disk is full in one line", {
  skip: process.platform === "linux" ? false : "needs /dev/full",
}, async () => {
  const { NdjsonWriter } = await import("../ndjson_writer.ts");
  assert.throws(
    () => {
      using writer = new NdjsonWriter("/dev/full");
      writer.writeText("{}\n");
    },
    { name: "ReportError", message: "Cannot write /dev/full: ENOSPC" },
  );
});

test("factors that are given twice must be both", async () => {
  const list = (...args: string[]) => call(["list", "conditions", "--paths", "pairs", ...args]);
  const both = await list("--where", "writer=1,2", "--where", "writer=2,3");
  assert.equal(both.out, (await list("--where", "writer=2")).out);
  assert.equal((await list("--where", "writer<2")).out, (await list("--where", "writer=1")).out);
  const narrow = await list("--where", "writer=2", "--where", "reader=1,2");
  assert.equal((await list("--where", "writer=2 & !reader=3")).out, narrow.out);
  const wrong = await list("--where", "writer=2 & reader=4");
  assert.match(wrong.err, /^Cannot query reader=4 as reader must be one of 1, 2, 3: current/);
  const none = await list("--where", "writer=1", "--where", "writer=2");
  assert.equal(none.code, 2);
  const given = "--where writer=1 --where writer=2 --paths pairs";
  assert.equal(none.err, `Cannot run anything as nothing matches ${given}\n`);
});

test("the factor first is the release that the machine was booted with", async () => {
  const where = ["--where", "first=1", "--where", "writer=2"];
  const { out } = await call(["list", "conditions", ...where]);
  const lines = out.trimEnd().split("\n");
  assert.ok(lines.length > 0);
  for (const line of lines) assert.match(line, /^counter@1\[\w+\]>2\[\w+\]>/);
});

test("the hint at scenarios is only given for a pattern that fits none", async () => {
  const { code, err } = await call([
    "run",
    "counter/*",
    "--where",
    "first=1",
    "--where",
    "first=2",
  ]);
  assert.equal(code, 2);
  assert.doesNotMatch(err, /nearest/);
});

test("recode reads long lines in time that grows with their length only", {
  timeout: 20_000,
}, async () => {
  const row = JSON.stringify({ release: "1", message: "Count", hex: "37".repeat(1_000_000) });
  const chunk = Buffer.from(row);
  const input = Array.from({ length: 1 + chunk.length / 64 }, (_, at) =>
    chunk.subarray(64 * at, 64 * at + 64),
  );
  const { code, out } = await call(["recode", "text"], { input: [...input, Buffer.from("\n")] });
  assert.equal(code, 0);
  assert.equal(out.length < 100 && JSON.parse(out).ok, true);
});

test("recode refuses a line beyond the limit, whether it ends or not", async () => {
  const piece = new Uint8Array(INPUT_SIZE_MAX / 4).fill(0x20);
  const message = `Cannot read standard input as it must be at most ${INPUT_SIZE_MAX} octets: `;
  for (const end of ["", "x\n"]) {
    const input = [piece, piece, piece, piece, Buffer.from(`x${end}`)];
    const { code, err } = await call(["recode", "text"], { input });
    assert.deepEqual([code, err], [2, `${message}it is larger\n`]);
  }
});

test("run --file takes the release from --where, and doubts what that cannot read", async () => {
  await inDirectory(async (directory) => {
    const file = join(directory, "state.bin");
    writeFileSync(file, "41");
    const args = ["run", "--file", file, "--json", "--out", directory];
    const { code, out, err } = await call([...args, "--where", "writer=1"]);
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /"--where first=1"/);
    writeFileSync(file, "4x");
    const doubted = await call([...args, "--where", "writer=2"]);
    assert.equal(doubted.err, `${file} is no saved state of 2: expected a digit at offset 1\n`);
  });
});

test("help of what is no command, and patterns for what has none, are wrong use", async () => {
  for (const [args, expected] of [
    [["help", "runn"], 'Cannot find command "runn": nearest are run, query, probe\n'],
    [["list", "releases", "x"], "Cannot list releases as they cannot be narrowed: by x\n"],
    [["list", "axes", "--where", "a=b"], "Cannot list axes as they cannot be narrowed: by a=b\n"],
  ] as const) {
    const { code, err } = await call(args);
    assert.deepEqual([code, err], [2, expected]);
  }
});

test("wantsColour lets NO_COLOR win over FORCE_COLOR, and that over the kind of output", () => {
  assert.equal(wantsColour({}, true), true);
  assert.equal(wantsColour({}, false), false);
  assert.equal(wantsColour({ FORCE_COLOR: "1" }, false), true);
  assert.equal(wantsColour({ FORCE_COLOR: "0" }, false), false);
  assert.equal(wantsColour({ NO_COLOR: "1", FORCE_COLOR: "1" }, true), false);
  assert.equal(wantsColour({ NO_COLOR: "" }, true), true);
});

test("run --resume refuses to go on with another captured state", async () => {
  await inDirectory(async (directory) => {
    const file = join(directory, "state.bin");
    const args = ["run", "--file", file, "--where", "writer=2", "--out", directory];
    writeFileSync(file, "41");
    assert.equal((await call(args, { interrupt: true })).code, 130);
    writeFileSync(file, "42");
    const { code, err } = await call([...args, "--resume"]);
    assert.equal(code, 2);
    assert.match(err, /as its selection must be the same: it was .*"--file state\.bin \(sha256 /);
    writeFileSync(file, "41");
    assert.equal((await call([...args, "--resume"])).code, 0);
  });
});
