import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Answer, call, inDirectory } from "./called.ts";
import { counterProduct } from "./counter_product.ts";

type Ask = (...args: readonly string[]) => Promise<Answer>;

/** Asks a run of the counter, narrowed by `args` and with its lines changed. */
async function inRun(
  args: readonly string[],
  body: (ask: Ask, run: string, directory: string) => Promise<void>,
  change: (text: string) => string = (text) => text,
): Promise<void> {
  await inDirectory(async (directory) => {
    await call(["run", "--out", directory, ...args], { product: counterProduct() });
    const run = join(directory, "run.ndjson");
    writeFileSync(run, change(readFileSync(run, "utf8")));
    await body((...more) => call(["can-upgrade", run, ...more]), run, directory);
  });
}

const forth = (from: string, to: string) => ["--from", from, "--to", to];

test("can-upgrade says yes with evidence, and pins what was tested", async () => {
  await inRun([], async (ask, run) => {
    const { code, out, err } = await ask(...forth("2", "3"));
    assert.deepEqual([code, err], [0, ""]);
    assert.match(
      out,
      /^Yes: from 2 to 3\n {2}yes: all \d+ cells passed on 2 > 3, of 3 scenarios on /,
    );
    assert.match(out, /\nTested: 2\nTested: 3\nRun 1: sha256 [0-9a-f]{64}\n$/);
    const json = JSON.parse((await ask(...forth("2", "3"), "--json")).out);
    assert.deepEqual([json.answer, json.routes, json.decisions[0].failed], ["yes", [], 0]);
    assert.ok(out.includes(json.runs[0].digest));
    assert.ok(readFileSync(run).length > 0);
  });
});

test("can-upgrade says no with reasons, and the shortest safe route", async () => {
  await inRun([], async (ask) => {
    const { code, out } = await ask(...forth("1", "3"));
    assert.equal(code, 1);
    assert.match(
      out,
      /^No: from 1 to 3\n {2}no: 11 cells failed on 1 > 3\n {2}no: by run 1, sha256 [0-9a-f]{12}\n/,
    );
    assert.match(
      out,
      /⊘ 11 cells refused: count too old \(known as too-old, https:.*counter\/1\)\n/,
    );
    assert.match(out, /\nSafe route from 1 to 3: 1 > 2 > 3 \(\d+ cells passed on all of it\)\n/);
    const { routes } = JSON.parse((await ask(...forth("1", "3"), "--json")).out);
    assert.deepEqual(routes[0].route.hops, ["1", "2", "3"]);
    // What is expected is still no upgrade, unless somebody says so; then nothing is left to pass.
    const known = await ask(...forth("1", "3"), "--allow-known");
    assert.equal(known.code, 5);
  });
});

test("can-upgrade knows no route that fails as a whole, or has a hop untried", async () => {
  const pairs = ["--paths", "pairs"];
  await inRun(pairs, async (ask) => {
    assert.match((await ask(...forth("1", "3"))).out, /1 > 2 > 3 \(known hop by hop only\)/);
  });
  await inRun([...pairs, "--where", "writer=1"], async (ask) => {
    assert.match((await ask(...forth("1", "3"))).out, /\nSafe route from 1 to 3: none is known\n/);
  });
  const failing = (text: string) =>
    text.replaceAll(/^.*"name":"counter@1\[\w+\]>2\[\w+\]>3\[\w+\] .*$/gm, (line) =>
      line.replace('"verdict":"passed"', '"verdict":"failed","reason":"lost","edge":1'),
    );
  await inRun(
    [],
    async (ask) => {
      assert.match(
        (await ask(...forth("1", "3"))).out,
        /\nSafe route from 1 to 3: none is known\n/,
      );
      assert.equal((await ask(...forth("2", "3"))).code, 0, "a machine from 2 is another one");
    },
    failing,
  );
});

test("can-upgrade does not know where nothing was tried", async () => {
  await inRun(["--where", "writer=1", "--paths", "pairs"], async (ask) => {
    const { code, out } = await ask(...forth("2", "3"));
    assert.equal(code, 5);
    assert.match(out, /^Unknown: from 2 to 3\n {2}unknown: no cell has passed on 2 > 3\n/);
    assert.match(out, /, a part of the plan: --where writer=1 --paths pairs\n$/);
    const narrow = await ask(
      ...forth("1", "2"),
      "--flags",
      "size=small & writer.mode=up & size=large",
    );
    assert.equal(narrow.code, 5);
  });
});

test("can-upgrade takes no unsupported, torn, erroneous or unproven cell as evidence", async () => {
  const pairs = ["--paths", "pairs"];
  await inRun([...pairs, "*/names/are-kept"], async (ask) => {
    const { code, out } = await ask(...forth("1", "2"));
    assert.equal(code, 5);
    assert.match(out, /no cell has passed on 1 > 2 \(\d+ cells are not supported\)/);
  });
  const withoutEnd = (text: string) => text.replace(/\n\{"type":"end".*\n$/, "\n");
  await inRun(
    pairs,
    async (ask) => {
      const { code, out } = await ask(...forth("2", "3"));
      assert.equal(code, 5);
      assert.match(out, /\n {2}unknown: run 1 was interrupted\n/);
      assert.equal((await ask(...forth("1", "3"))).code, 1, "a failure is one all the same");
    },
    withoutEnd,
  );
  const unproven = (text: string) => text.replaceAll('"event":"restored"', '"event":"guest"');
  await inRun(
    pairs,
    async (ask) => assert.equal((await ask(...forth("2", "3"))).code, 5),
    unproven,
  );
  const erroneous = (text: string) =>
    text.replaceAll(
      'keeps-count","verdict":"passed"',
      'keeps-count","verdict":"error","reason":"x"',
    );
  await inRun(
    pairs,
    async (ask) => {
      const { code, out } = await ask(...forth("2", "3"));
      assert.equal(code, 5);
      assert.match(out, /unknown: \d+ cells could not be asked on 2 > 3\n/);
    },
    erroneous,
  );
});

test("can-upgrade leaves faults aside unless they are asked for", async () => {
  const where = ["--where", "fault=save-crash,save-fail"];
  await inRun(where, async (ask) => {
    const { code, out } = await ask(...forth("1", "2"));
    assert.equal(code, 5);
    assert.match(out, /\(\d+ conditions are disturbed on purpose\)/);
    assert.notEqual((await ask(...forth("1", "2"), "--flags", "fault=save-fail")).code, 2);
  });
});

test("can-upgrade --rollback asks the way back, and says what is lost on it", async () => {
  await inRun([], async (ask) => {
    const { code, out } = await ask(...forth("1", "2"), "--rollback");
    assert.equal(code, 0);
    assert.match(out, /\n {2}yes: all \d+ cells passed on 2 > 1, /);
    assert.match(out, /\n {4}lost on the way: 1 lacks units.named; counter\/names\/are-kept\n/);
    // There and back may fail where back alone does not.
    const json = JSON.parse((await ask(...forth("2", "3"), "--rollback", "--json")).out);
    const ways = json.decisions.map(({ way }: { way: string[] }) => way.join());
    assert.deepEqual(ways, ["2,3", "2,3,2", "3,2"]);
    assert.equal((await ask(...forth("3", "1"))).code, 0);
    const back = await ask(...forth("3", "1"), "--rollback");
    assert.equal(back.code, 1);
    assert.match(back.out, /\nSafe route from 1 to 3: 1 > 2 > 3 \(/);
  });
});

test("can-upgrade asks a history for the newest word about the builds of today", async () => {
  await inRun(["--paths", "pairs"], async (ask, run, directory) => {
    const history = join(directory, "h.sqlite");
    const later = join(directory, "later.ndjson");
    const add = async (change: (text: string) => string) => {
      writeFileSync(later, change(readFileSync(run, "utf8")));
      await call(["history", "add", later, "--history", history]);
    };
    const answer = async (from: string, to: string) =>
      await ask(...forth(from, to), "--history", history);
    await add((text) => text);
    assert.equal((await answer("2", "3")).code, 0);
    // The newest word counts.
    const broken = '"verdict":"failed","reason":"broken"';
    await add((text) =>
      text.replaceAll('keeps-count","verdict":"passed"', `keeps-count",${broken}`),
    );
    assert.equal((await answer("2", "3")).code, 1);
    await add((text) => text.replace('"seed":1', '"seed":2'));
    assert.equal((await answer("2", "3")).code, 0);
    // Another build of 3 was tested, with machines from itself only.
    await add((text) =>
      text
        .split("\n")
        .filter((line) => /^\{"type":"(run|end)"|"name":"counter@3\[\w+\]>3/.test(line))
        .map((line) => line.replaceAll(/"detail":"3\[(\w+)\]"/g, '"detail":"3[$1], build 77"'))
        .join("\n"),
    );
    const { code, out } = await answer("2", "3");
    assert.equal(code, 5);
    assert.match(out, /no cell has passed on 2 > 3 \(\d+ conditions are of other builds\)/);
    assert.match(out, /\nTested: 3, build 77\n/);
    assert.equal((await answer("1", "2")).code, 0);
    // Who asks about the build before has the answer of that time.
    const named = async (...builds: readonly string[]) => {
      const args = builds.flatMap((build) => ["--build", build]);
      return await ask(...forth("2", "3"), "--history", history, ...args);
    };
    const digest = "0123456789abcdef";
    await add((text) =>
      text
        .replaceAll(/"detail":"3\[(\w+)\]"/g, `"detail":"3[$1], build 78, sha256 ${digest}"`)
        .replaceAll('keeps-count","verdict":"passed"', `keeps-count",${broken}`),
    );
    assert.equal((await answer("2", "3")).code, 1);
    const before = await named("77");
    assert.equal(before.code, 5);
    assert.match(before.out, /no cell has passed on 2 > 3 \(\d+ conditions are of other builds\)/);
    assert.match(before.out, /\nTested: 3, build 77\n/);
    for (const name of ["78", "build 78, sha256 0123456789abcdef", "01234567"]) {
      const { code: now, out: told } = await named(name);
      assert.equal(now, 1, told);
      assert.match(
        told,
        /failed on 2 > 3\n {2}no: \d+ conditions of other builds are not counted\n.*by run 5, sha/,
      );
    }
    for (const [names, words] of [
      [["79"], /^Cannot find build "79": valid are build 78, .*; build 77\n$/],
      [["0123"], /^Cannot find build/],
      [["77", "78"], /^Cannot ask about 3 as it must be one build: it is build 77, and build 78/],
      [["build"], /^Cannot ask about 3 as it must be one build/],
    ] as const) {
      const { code: wrong, err } = await named(...names);
      assert.equal(wrong, 2);
      assert.match(err, words);
    }
  });
});

test("can-upgrade says in one line what it cannot take", async () => {
  await inRun(["--paths", "pairs"], async (ask) => {
    for (const [args, words] of [
      [["--from", "1"], "required option '--to <release>' not specified"],
      [forth("1", "4"), 'Cannot find release "4": valid are'],
      [forth("1", "1"), "it must be another release"],
      [
        [...forth("1", "2"), "--flags", "sise=small"],
        "Cannot query sise as its name must be one of",
      ],
      [[...forth("1", "2"), "--flags", "size=tiny"], "size must be one of small, large"],
      [[...forth("1", "2"), "--build", "77"], 'Cannot find build "77": no release tells its own'],
      [[...forth("1", "2"), "--history", "/nowhere"], "Cannot read /nowhere: ENOENT"],
      [[...forth("1", "2"), "--implementation", "other"], 'Cannot find implementation "other"'],
    ] as const) {
      const { code, err } = await ask(...args);
      assert.equal(code, 2, words);
      assert.match(err, /^Cannot [^\n]*\n$/);
      assert.ok(err.includes(words), err);
    }
  });
});
