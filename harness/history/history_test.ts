import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { lineOf } from "../ndjson_writer.ts";
import type { Report } from "../report.ts";
import { openReport } from "../report_file.ts";
import { HistoryError } from "./database.ts";
import { History } from "./history.ts";
import { SCHEMAS } from "./schema_table.ts";

const FIXTURES = new URL("../../fixtures/history/", import.meta.url);
const RUN = fileURLToPath(new URL("run.ndjson", FIXTURES));
const DIGEST = "86b8dafbf927d4c17e7df950f310e1b3bfd8d9fd20168bdfead8fd1b5fb3fc38";

const onNode = process.versions.deno === undefined && process.versions.bun === undefined;

async function inFolder(body: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "freezethaw-"));
  try {
    await body(join(folder, "history.sqlite"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function textOf({ header, conditions, end }: Report): string {
  const lines = [header, ...conditions(), ...(end === undefined ? [] : [end])];
  return lines.map(lineOf).join("");
}

/** Everything that is in the tables. */
function contents(path: string): unknown[] {
  const database = new DatabaseSync(path);
  const tables = ["run", "text", "result", "finding"];
  const all = tables.map((table) => database.prepare(`SELECT * FROM ${table}`).all());
  database.close();
  return all;
}

test("History gives a run back letter by letter", async () => {
  await inFolder(async (path) => {
    using history = await History.open(path, "write");
    assert.deepEqual(history.add(openReport(RUN), DIGEST), { id: 1, digest: DIGEST, isNew: true });
    const [run] = history.runs();
    assert.ok(run !== undefined);
    assert.equal(textOf(run.report), readFileSync(RUN, "utf8"));
  });
});

test("History keeps what a line says besides, and that an adapter broke", async () => {
  await inFolder(async (path) => {
    using history = await History.open(path, "write");
    const report = openReport(RUN);
    const odd: Report = {
      header: report.header,
      *conditions() {
        for (const { cells, ...result } of report.conditions()) {
          yield { ...result, waited: true, attempts: 3, cells, adapterFault: "it lied" };
        }
      },
    };
    history.add(odd, "odd");
    const [run] = history.runs();
    assert.equal(run && textOf(run.report), textOf(odd));
  });
});

test("History.add() changes nothing when the run is there already", async () => {
  await inFolder(async (path) => {
    using history = await History.open(path, "write");
    history.add(openReport(RUN), DIGEST);
    const before = contents(path);
    const again = history.add(openReport(RUN), DIGEST);
    assert.deepEqual([again.id, again.isNew], [1, false]);
    assert.deepEqual(contents(path), before);
    assert.deepEqual(history.add(openReport(RUN), "another").id, 2);
    assert.equal(history.runs().length, 2);
  });
});

test("History has a run that came again behind those that came in between", async () => {
  await inFolder(async (path) => {
    using history = await History.open(path, "write");
    const add = (digest: string, date?: string) =>
      history.add(openReport(RUN), digest, date === undefined ? {} : { date });
    add("green", "2026-11-25");
    add("red", "2026-11-26");
    add("undated");
    add("green", "2026-11-27");
    const digests = history.runs().map(({ digest }) => digest);
    assert.deepEqual(digests, ["undated", "red", "green"]);
  });
});

test("History.add() leaves nothing of a run that could not be read to its end", async () => {
  await inFolder(async (path) => {
    using history = await History.open(path, "write");
    const report = openReport(RUN);
    const torn: Report = {
      header: report.header,
      *conditions() {
        yield* Iterator.from(report.conditions()).take(3);
        throw new RangeError("torn");
      },
    };
    assert.throws(() => history.add(torn, "torn"), /torn/);
    assert.deepEqual(contents(path), [[], [], [], []]);
    assert.equal(history.add(report, DIGEST).isNew, true);
  });
});

/** Adds a run of 20,000 conditions, and dies before its end, when much of it is in the file. */
const KILLED = `
  import { History } from ${JSON.stringify(new URL("history.ts", import.meta.url).href)};
  import { openReport } from ${JSON.stringify(new URL("../report_file.ts", import.meta.url).href)};
  const [, path, run] = process.argv;
  const { header, conditions } = openReport(run);
  const [first] = conditions();
  function* endless() {
    for (let number = 0; number < 20_000; number++) yield { ...first, name: "c" + number };
    process.kill(process.pid, "SIGKILL");
  }
  (await History.open(path, "write")).add({ header, conditions: endless }, "killed");
`;

test("History.add() leaves nothing of a run whose process was killed", {
  skip: onNode ? false : "one runtime is enough for what SQLite does",
  timeout: 60_000,
}, async () => {
  await inFolder(async (path) => {
    const args = ["--input-type=module", "--eval", KILLED, path, RUN];
    const { signal, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.equal(signal, "SIGKILL", stderr);
    assert.ok(existsSync(`${path}-journal`), "it was in the middle of it");
    using history = await History.open(path, "write");
    assert.deepEqual(contents(path), [[], [], [], []]);
    assert.equal(history.add(openReport(RUN), DIGEST).id, 1);
  });
});

test("History has a row for each cell that did not pass, and for no other", async () => {
  await inFolder(async (path) => {
    using history = await History.open(path, "write");
    history.add(openReport(RUN), DIGEST);
    const database = new DatabaseSync(path);
    const rows = database.prepare("SELECT * FROM not_passed ORDER BY condition, scenario").all();
    database.close();
    const wanted = [...openReport(RUN).conditions()].flatMap(({ name, cells }) =>
      cells
        .filter(({ verdict }) => verdict !== "passed")
        .map((cell) => [name, cell.scenario, cell.verdict, cell.reason, cell.edge ?? null]),
    );
    const found = rows.map((row) => [
      row.condition,
      row.scenario,
      row.verdict,
      row.reason,
      row.edge,
    ]);
    const byText = (a: unknown[], b: unknown[]) => (String(a) < String(b) ? -1 : 1);
    assert.ok(wanted.length > 0, "some cells did not pass");
    assert.deepEqual(found.toSorted(byText), wanted.toSorted(byText));
  });
});

test("History migrates a file that the first version of its schema has written", async () => {
  await inFolder(async (path) => {
    copyFileSync(new URL("version_1.sqlite", FIXTURES), path);
    using migrated = await History.open(path, "read");
    const [run] = migrated.runs();
    assert.equal(run?.digest, DIGEST);
    const wanted = [...openReport(RUN).conditions()];
    // What that version did not keep is unknown, and all else is as it was.
    const bare = wanted.map((result) => ({ ...result, transcript: [] }));
    assert.deepEqual([...(run?.report.conditions() ?? [])], bare);
    const [, , , findings] = contents(path) as [unknown, unknown, unknown, unknown[]];
    await inFolder(async (fresh) => {
      using history = await History.open(fresh, "write");
      history.add(openReport(RUN), DIGEST);
      const plain = (row: unknown) => JSON.stringify({ ...(row as object), cells: 0 });
      const [, , , now] = contents(fresh) as [unknown, unknown, unknown, unknown[]];
      assert.deepEqual(findings.map(plain).toSorted(), now.map(plain).toSorted());
    });
  });
});

test("History.open() refuses what is no history, or is of a newer version", async () => {
  await inFolder(async (path) => {
    const refuses = (words: RegExp, mode: "read" | "write" = "write") =>
      assert.rejects(History.open(path, mode), (error) => {
        return error instanceof HistoryError && words.test(error.message);
      });
    await refuses(/^Cannot use history .*: ENOENT$/, "read");
    writeFileSync(path, "no database, but long enough to be looked at".repeat(50));
    await refuses(/^Cannot use history .*: file is not a database$/);
    rmSync(path);
    const other = new DatabaseSync(path);
    other.exec("CREATE TABLE mine (a)");
    other.close();
    await refuses(/must be a history: it is another database$/);
    rmSync(path);
    (await History.open(path, "write"))[Symbol.dispose]();
    const newer = new DatabaseSync(path);
    newer.exec(`PRAGMA user_version = ${SCHEMAS.length + 1}`);
    newer.close();
    await refuses(new RegExp(`must be at most ${SCHEMAS.length}: current value is`));
    await refuses(/must be at most/, "read");
  });
});
