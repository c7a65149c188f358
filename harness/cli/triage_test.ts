import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { call, inDirectory } from "./called.ts";
import { counterProduct, TOO_OLD } from "./counter_product.ts";

const UNKNOWN = { product: counterProduct([]) };

/** Runs the counter, of which nothing is known, with `args`. */
async function inRun(
  args: readonly string[],
  body: (run: string, directory: string) => Promise<void>,
): Promise<void> {
  await inDirectory(async (directory) => {
    await call(["run", "--out", directory, ...args], UNKNOWN);
    await body(join(directory, "run.ndjson"), directory);
  });
}

test("triage explains failures exactly, and what it writes makes the run as expected", async () => {
  await inRun([], async (run, directory) => {
    const file = join(directory, "known.json");
    const args = ["triage", run, "--write", file, "--owner", "me", "--expires", "2030-01-01"];
    const { code, out, err } = await call(args, UNKNOWN);
    assert.equal(code, 0);
    assert.match(out, /refused: count too old\n.*\n {2}where writer=1 & reader=3: exactly these/);
    assert.equal(err, `${file}: 1 expectation more\n`);
    const [entry] = JSON.parse(readFileSync(file, "utf8"));
    assert.deepEqual(entry.factors, TOO_OLD.factors);
    assert.deepEqual([entry.owner, entry.expires], ["me", "2030-01-01"]);
    assert.equal(
      entry.scenarios,
      undefined,
      "every scenario that leaves a failed hop to the runner",
    );
    const again = ["run", "--out", directory, "--expectations", file, "--today", "2029-01-01"];
    assert.equal((await call(again, UNKNOWN)).code, 0);
    const none = await call(["triage", run], UNKNOWN);
    assert.match(none.out, /^Nothing failed unexpectedly\n$/);
  });
});

test("triage adds to a file, and keeps what is there", async () => {
  await inRun([], async (run, directory) => {
    const file = join(directory, "known.json");
    writeFileSync(file, JSON.stringify([{ ...TOO_OLD, name: "refused-count-too-old" }]));
    assert.equal((await call(["triage", run, "--write", file], UNKNOWN)).code, 0);
    const names = JSON.parse(readFileSync(file, "utf8")).map(({ name }: { name: string }) => name);
    assert.deepEqual(names, ["refused-count-too-old", "refused-count-too-old-2"]);
  });
});

test("triage checks a proposal with conditions that the run has not had", async () => {
  // Seen like this, the direction or the size may as well be to blame as the reader.
  const seen = ["counter@1[up]>3[up] size=small", "counter@1[down]>2[down] size=large"];
  await inRun(seen, async (run) => {
    const unchecked = await call(["triage", run, "--no-check"], UNKNOWN);
    assert.match(unchecked.out, /where reader=3: exactly these\n {2}or where writer.mode=up\n/);
    assert.match(unchecked.out, /Not checked with further conditions: as was asked\n$/);
    const { out } = await call(["triage", run], UNKNOWN);
    assert.match(out, /where writer=1 & reader=3: exactly these, and [1-9]\d* of further cond/);
    assert.match(out, /\nChecked with [1-9]\d* further conditions\n$/);
  });
});

test("triage does not check where the implementation is not at hand", async () => {
  await inRun([], async (run) => {
    writeFileSync(run, readFileSync(run, "utf8").replace("Direction of counting", "Another"));
    const { code, out } = await call(["triage", run], UNKNOWN);
    assert.equal(code, 0);
    assert.match(
      out,
      /Not checked with further conditions: counter has other releases or axes now/,
    );
  });
});

/** Has what `fails` picks by its name fail in a run. */
function breakRun(run: string, fails: (name: string) => boolean): void {
  const broken = readFileSync(run, "utf8")
    .split("\n")
    .map((line) => {
      const [, name] = /"name":"(counter@[^"]*)"/.exec(line) ?? [];
      if (name === undefined || !fails(name)) return line;
      const failed = '"verdict":"failed","reason":"17 of 20 lost","edge":0,"surprise":"passed"';
      return line.replace('keeps-count","verdict":"passed"', `keeps-count",${failed}`);
    });
  writeFileSync(run, broken.join("\n"));
}

test("triage explains by several sets what no single one explains", async () => {
  await inRun(["--paths", "pairs"], async (run, directory) => {
    breakRun(run, (name) => /@(\d)\[\w+\]>\1/.test(name));
    const file = join(directory, "known.json");
    const { code, out } = await call(["triage", run, "--no-check", "--write", file], UNKNOWN);
    assert.equal(code, 0);
    for (const release of [1, 2, 3]) {
      assert.match(out, new RegExp(`where writer=${release} & reader=${release}: exactly these`));
    }
    const entries: { reason: string }[] = JSON.parse(readFileSync(file, "utf8"));
    assert.equal(entries.filter(({ reason }) => reason === "17 of 20 lost").length, 3);
  });
});

test("triage says when nothing is exact, proposes nothing then, and exits with 1", async () => {
  await inRun(["--paths", "pairs"], async (run, directory) => {
    breakRun(run, (name) => name === "counter@1[up]>1[up] size=small");
    const file = join(directory, "known.json");
    const { code, out } = await call(["triage", run, "--no-check", "--write", file], UNKNOWN);
    assert.equal(code, 1);
    assert.match(
      out,
      /failed: 17 of 20 lost\n.*\n {2}no set of up to 3 factors is exact; closest: /,
    );
    assert.match(out, /covers all \d+ edges and \d+ that pass\n/);
    const entries = JSON.parse(readFileSync(file, "utf8"));
    assert.deepEqual(
      entries.map(({ reason }: { reason: string }) => reason),
      ["count too old"],
    );
    const json = JSON.parse((await call(["triage", run, "--no-check", "--json"], UNKNOWN)).out);
    assert.deepEqual(json.groups.map(({ exact }: { exact: boolean }) => exact).toSorted(), [
      false,
      true,
    ]);
  });
});

test("triage says in one line what it cannot take", async () => {
  await inRun([], async (run, directory) => {
    const bad = join(directory, "bad.json");
    writeFileSync(bad, "{");
    for (const [args, words] of [
      [["/nowhere"], "Cannot read /nowhere: ENOENT"],
      [[run, "--write", "known.ts"], "its name must end in .json"],
      [[run, "--write", bad], "it is no JSON"],
      [[run, "--write", join(directory, "no", "known.json")], "ENOENT"],
    ] as const) {
      const { code, err } = await call(["triage", ...args], UNKNOWN);
      assert.equal(code, 2, words);
      assert.match(err, /^Cannot [^\n]*\n$/);
      assert.ok(err.includes(words), err);
    }
  });
});
