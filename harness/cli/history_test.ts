import assert from "node:assert/strict";
import { copyFileSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { factorsOf } from "../factors.ts";
import { openReport } from "../report_file.ts";
import { type Answer, call, inDirectory } from "./called.ts";

const FIXTURES = new URL("../../fixtures/history/", import.meta.url);
const RUN = fileURLToPath(new URL("run.ndjson", FIXTURES));

/** A history of the run of the fixture, and of one in which a cell that passed has crashed. */
async function inHistory(
  body: (history: string, query: (...args: readonly string[]) => Promise<Answer>) => Promise<void>,
): Promise<void> {
  await inDirectory(async (directory) => {
    const [later, history] = [join(directory, "later.ndjson"), join(directory, "h.sqlite")];
    const passed = '"verdict":"passed"';
    const crashed = '"verdict":"crashed","reason":"out of memory","edge":0,"surprise":"passed"';
    writeFileSync(later, readFileSync(RUN, "utf8").replace(passed, crashed));
    const { code, err } = await call(["history", "add", RUN, later, "--history", history]);
    assert.deepEqual([code, err], [0, ""]);
    await body(history, (...args) => call(["query", history, ...args]));
  });
}

test("history adds a run once, lists it and gives it back", async () => {
  await inHistory(async (history) => {
    const again = await call(["history", "add", RUN, "--history", history]);
    assert.equal(again.code, 0);
    assert.match(again.out, /run.ndjson was there already as run 1 of .*sha256 86b8dafbf927\)\n$/);
    const { out } = await call(["history", "list", "--history", history]);
    assert.match(
      out,
      /^1 86b8dafbf927 counter 1 2 3: \d+ conditions, 27 cells, \d surpr.*\n2 .*\n$/,
    );
    const exported = await call(["history", "export", "1", "--history", history]);
    assert.equal(exported.out, readFileSync(RUN, "utf8"));
  });
});

test("run --history adds what it has run", async () => {
  await inDirectory(async (directory) => {
    const history = join(directory, "h.sqlite");
    const args = ["run", "--paths", "pairs", "--out", directory, "--history", history];
    assert.match((await call(args)).err, /run.ndjson is run 1 of /);
    const exported = await call(["history", "export", "1", "--history", history]);
    assert.equal(exported.out, readFileSync(join(directory, "run.ndjson"), "utf8"));
    const { code, err } = await call([...args.slice(0, -1), join(directory, "no", "h.sqlite")]);
    assert.equal(code, 2);
    assert.match(err, /^Cannot use history .*unable to open database file[^\n]*\n$/);
  });
});

test("query answers the same of a run and of a history, and as counted by hand", async () => {
  const report = openReport(RUN);
  let wanted = 0;
  for (const { condition, cells } of report.conditions()) {
    const factors = condition.path
      .slice(1)
      .map((_, edge) => factorsOf(condition, edge, report.header.axes));
    for (const cell of cells) {
      const edges = cell.edge === undefined ? factors : [factors[cell.edge]];
      const isMet = edges.some((edge) => edge?.writer === "1" && edge.reader !== "1");
      if (isMet && cell.verdict !== "passed") wanted++;
    }
  }
  assert.ok(wanted > 0);
  const text = "writer=1 & reader>1 & !verdict=passed";
  const { out } = await call(["query", RUN, text, "--json"]);
  const { count, cells } = JSON.parse(out);
  assert.deepEqual([count, cells.length], [wanted, wanted]);
  await inHistory(async (_history, query) => {
    const first = await query(`${text} & run=1`, "--json");
    assert.deepEqual(JSON.parse(first.out), JSON.parse(out));
  });
});

test("query finds what has changed from one run to the next", async () => {
  await inHistory(async (_history, query) => {
    const { code, out } = await query("seq(verdict=passed, verdict!=passed)");
    assert.equal(code, 0);
    assert.match(out, /^run 2 ☓ crashed on edge 0 .* counter@1.*: out of memory\n1 cell\n$/);
    assert.match((await query("seq(verdict!=passed, verdict=passed)")).out, /^0 cells\n$/);
    assert.match((await query("run=2 & verdict=crashed & surprise=*")).out, /\n1 cell\n$/);
  });
});

test("query asks all hops and all edges of a path, of a run and of a history", async () => {
  const hops = (name: string) => name.replace(/ .*/, "").replace("counter@", "").split(">");
  const of = (test: (names: readonly string[]) => boolean) => {
    const found = [...openReport(RUN).conditions()].filter(({ name }) => test(hops(name)));
    return found.reduce((sum, { cells }) => sum + cells.length, 0);
  };
  const wanted = {
    "exists(hop=2)": of((names) => names.includes("2[up]")),
    "all(hop=2)": of((names) => names.every((name) => name === "2[up]")),
    "none(hop>=3)": of((names) => !names.includes("3[up]")),
    "exists(hop=3 & at=0)": of(([first]) => first === "3[up]"),
    "all(hop.mode=up)": of(() => true),
    "none(writer=1 & reader=3)": of((names) => names.join() !== "1[up],3[up]"),
  };
  await inHistory(async (_history, query) => {
    for (const [text, count] of Object.entries(wanted)) {
      assert.ok(count > 0, text);
      const { out } = await call(["query", RUN, `count(${text})`]);
      assert.equal(out, `${count}\n`, text);
      assert.equal((await query(`count(${text} & run=2)`)).out, out, text);
    }
  });
});

test("run --where chooses by the whole path", async () => {
  await inDirectory(async (directory) => {
    const args = ["list", "conditions", "--paths", "triples"];
    const { code, out } = await call([...args, "--where", "all(hop!=1) & exists(hop=3 & at=0)"]);
    assert.equal(code, 0, directory);
    const names = out.split("\n").filter((line) => line.includes("counter@"));
    assert.ok(names.length > 0);
    for (const name of names) assert.match(name, /counter@3\[\w+\]>[23]\[\w+\]>[23]/);
  });
});

test("query knows when runs were, of a run and of a history", async () => {
  await inDirectory(async (directory) => {
    const [first, second] = [join(directory, "first.ndjson"), join(directory, "second.ndjson")];
    const history = join(directory, "h.sqlite");
    copyFileSync(RUN, first);
    writeFileSync(second, readFileSync(RUN, "utf8").replace('"seed":1', '"seed":2'));
    const at = new Date("2026-11-20T23:59:59Z");
    for (const file of [first, second]) utimesSync(file, at, at);
    const add = ["history", "add", "--history", history];
    await call([...add, first]);
    await call([...add, second, "--date", "2026-11-27"]);
    const { out } = await call(["history", "list", "--history", history]);
    assert.match(out, /, 2026-11-20T23:59:59Z\n2 .*, 2026-11-27T00:00:00Z\n$/);
    for (const [text, ofRun, ofHistory] of [
      ["date=2026-11-20", 27, 27],
      ["date<2026-11-27", 27, 27],
      ["date>=2026-11-20", 27, 54],
      ["age=7", 27, 27],
      ["age<=7", 27, 54],
      ["age<7", 0, 27],
      ["date>2026-11-20 & run=2", 0, 27],
    ] as const) {
      const asked = [`count(${text})`, "--today", "2026-11-27"];
      assert.equal((await call(["query", first, ...asked])).out, `${ofRun}\n`, text);
      assert.equal((await call(["query", history, ...asked])).out, `${ofHistory}\n`, text);
    }
    const gate = "count(age<7 & verdict=refused) = 0";
    assert.equal((await call(["query", history, gate, "--today", "2026-11-27"])).code, 1);
    assert.equal((await call(["query", history, gate, "--today", "2026-12-24"])).code, 0);
    // The same run again is the same one, and of a later day.
    await call([...add, first, "--date", "2026-12-01"]);
    await call([...add, first, "--date", "2026-11-01"]);
    const dated = await call(["query", history, "count(date=2026-12-01 & run=1)"]);
    assert.equal(dated.out, "27\n");
  });
});

test("query tells when nobody has kept the date of a run", async () => {
  await inDirectory(async (directory) => {
    const old = join(directory, "v1.sqlite");
    copyFileSync(new URL("version_1.sqlite", FIXTURES), old);
    const { out, err } = await call(["query", old, "count(date>=2000)"]);
    assert.deepEqual([out, err], ["0\n", "Of 1 of 1 runs nobody has kept the date\n"]);
    assert.equal((await call(["query", old, "count(run=1)"])).err, "");
  });
});

test("query looks from each run to the next one only", async () => {
  await inHistory(async (history, query) => {
    const still = `${history}.ndjson`;
    const { out } = await call(["history", "export", "2", "--history", history]);
    writeFileSync(still, out.replace('"seed":1', '"seed":2'));
    assert.match(
      (await call(["history", "add", still, "--history", history])).out,
      / is run 3 of /,
    );
    // It crashed in both, and had not passed before the second time.
    const { cells } = JSON.parse(
      (await query("seq(verdict=passed, verdict=crashed)", "--json")).out,
    );
    assert.deepEqual(
      cells.map(({ run }: { run: number }) => run),
      [2],
    );
  });
});

test("query is a gate by --max and by a bound", async () => {
  await inHistory(async (_history, query) => {
    for (const [args, code] of [
      [["verdict=crashed", "--max", "1"], 0],
      [["verdict=crashed", "--max", "0"], 1],
      [["count(verdict=crashed) <= 1"], 0],
      [["count(verdict=crashed) = 0"], 1],
      [["count(seq(verdict=passed, verdict!=passed)) < 1"], 1],
      [["count(verdict=crashed)"], 0],
    ] as const) {
      assert.equal((await query(...args)).code, code, args.join(" "));
    }
    const { out, err } = await query("verdict=passed", "--max", "3", "--limit", "1");
    assert.equal(out.split("\n").length, 4);
    assert.match(err, /^The count must be <= 3: current value is \d\d\n$/);
  });
});

test("query and history say in one line what they cannot take", async () => {
  await inDirectory(async (directory) => {
    const [text, newer] = [join(directory, "text"), join(directory, "v1.sqlite")];
    writeFileSync(text, "{}\n");
    copyFileSync(new URL("version_1.sqlite", FIXTURES), newer);
    const [part, whole] = [join(directory, "part.ndjson"), readFileSync(RUN, "utf8")];
    writeFileSync(
      part,
      whole.replace('"seed":', '"shard":{"number":1,"of":2,"conditions":9},"seed":'),
    );
    for (const [args, words] of [
      [["query", text, "verdict=failed"], 'must begin with a line of type "run"'],
      [["query", "/nowhere", "verdict=failed"], "Cannot read /nowhere: ENOENT"],
      [["query", RUN, "verdict=faild"], "verdict must be one of passed, failed"],
      [["query", RUN, "verdict"], "must have = or another relation"],
      [["list", "conditions", "--where", "hop=1"], "as it must stand in exists(...)"],
      [["query", RUN, "exists(wrter=1)"], "as its name must be one of first, writer"],
      [["query", RUN, "wrter=1"], "Cannot query wrter as its name must be one of first, writer"],
      [["history", "ad", RUN], 'Cannot find action "ad": valid are add, list, export'],
      [["history", "add"], "no run is named"],
      [["history", "add", part, "--history", newer], "as it must be whole: see merge"],
      [["history", "add", text, "--history", newer], "must begin with a line"],
      [["history", "list", "--history", "/nowhere"], "Cannot read /nowhere: ENOENT"],
      [["history", "export", "7", "--history", newer], "must be named, 1 to 1: current value is 7"],
      [["history", "add", RUN, "--history", text], "file is not a database"],
    ] as const) {
      const { code, err } = await call(args);
      assert.equal(code, 2, args.join(" "));
      assert.match(err, /^Cannot [^\n]*\n$/);
      assert.ok(err.includes(words), err);
    }
    const { out } = await call(["query", newer, "count(verdict=refused)"]);
    assert.equal(out, (await call(["query", RUN, "count(verdict=refused)"])).out);
  });
});
