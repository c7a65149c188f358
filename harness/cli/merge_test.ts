import assert from "node:assert/strict";
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RefusedError } from "../adapter.ts";
import { counterAdapter } from "../counter_machine.ts";
import type { CellResult, ConditionResult } from "../report.ts";
import { openReport } from "../report_file.ts";
import { terminal } from "../reporters/terminal.ts";
import { call, inDirectory } from "./called.ts";
import { counterImplementation, counterProduct, offered, TOO_OLD } from "./counter_product.ts";
import type { Product } from "./product.ts";

const text = (out: string) => readFileSync(join(out, "run.ndjson"), "utf8");
const report = (out: string) => join(out, "run.ndjson");

/** Runs each shard of `of` into a directory of its own. */
async function shards(
  directory: string,
  of: number,
  args: readonly string[] = [],
  product?: Product,
): Promise<string[]> {
  const outs: string[] = [];
  for (let number = 1; number <= of; number++) {
    const out = join(directory, `${number}of${of}`);
    const shard = ["run", "--shard", `${number}/${of}`, "--out", out, ...args];
    const { code, err } = await call(shard, product === undefined ? {} : { product });
    assert.ok(code <= 1, err);
    outs.push(out);
  }
  return outs;
}

/** The counter, refusing to restore at those of its restores that `refuses` says. */
function flakyProduct(refuses: (restore: number) => boolean, why = "a bad day"): Product {
  const expectations = [{ ...TOO_OLD, mayPass: true as const }];
  const adapter = counterAdapter();
  let restores = 0;
  const rig: typeof adapter.rig = async (...given) => {
    const made = await adapter.rig(...given);
    const restore = made.restore.bind(made);
    made.restore = (hop, state) => {
      if (refuses(restores++)) return Promise.reject(new RefusedError(why));
      return restore(hop, state);
    };
    return made;
  };
  const counter = { ...counterImplementation(expectations), adapter: { ...adapter, rig } };
  return { ...counterProduct(expectations), implementations: offered({ counter }) };
}

test("merge of all shards gives the bytes of a run that was not shared", async () => {
  await inDirectory(async (directory) => {
    for (const [of, args] of [
      [1, []],
      [3, []],
      [7, ["--paths", "all,swarm", "--conditions", "300"]],
      [4, ["--where", "writer=1", "--paths", "pairs"]],
    ] as const) {
      const whole = join(directory, "whole");
      await call(["run", "--out", whole, ...args]);
      const outs = await shards(directory, of, args);
      const merged = join(directory, "merged");
      const given = outs.toReversed().map(report);
      const { code, err } = await call(["merge", ...given, "--out", merged]);
      assert.equal(err, "");
      assert.equal(code, 0);
      assert.ok(text(merged) === text(whole), `${of} shards differ from the whole`);
    }
  });
});

test("merge of shards says which expectations no shard bears out", async () => {
  await inDirectory(async (directory) => {
    const stale = { ...TOO_OLD, name: "never", factors: { writer: "3", reader: "1" } };
    const product = counterProduct([TOO_OLD, stale]);
    const whole = join(directory, "whole");
    await call(["run", "--out", whole], { product });
    const outs = await shards(directory, 4, [], product);
    for (const out of outs) assert.deepEqual(openReport(report(out)).end?.stale, []);
    const merged = join(directory, "merged");
    const { code } = await call(["merge", ...outs.map(report), "--out", merged], { product });
    assert.equal(code, 1);
    assert.equal(text(merged), text(whole));
    assert.deepEqual(openReport(report(merged)).end?.stale, ["never"]);
  });
});

test("every condition is in one shard, balanced by the times that they took", async () => {
  await inDirectory(async (directory) => {
    const whole = join(directory, "whole");
    await call(["run", "--out", whole]);
    const names = [...openReport(report(whole)).conditions()].map(({ name }) => name);
    // One condition takes as long as all others together.
    const slow = names.at(40);
    const times = names.map((name) =>
      JSON.stringify({ name, ms: name === slow ? names.length : 1 }),
    );
    writeFileSync(join(whole, "times.ndjson"), `${times.join("\n")}\n`);
    const outs = await shards(directory, 2, ["--times", report(whole)]);
    const own = outs.map((out) => [...openReport(report(out)).conditions()].map((it) => it.name));
    assert.deepEqual(own.flat().toSorted(), names.toSorted());
    const [few, many] = own.toSorted((a, b) => a.length - b.length) as [string[], string[]];
    assert.ok(few.includes(slow ?? "") && few.length <= 16, `${few.length} beside the slow one`);
    assert.ok(many.length > 3 * few.length);
    const merged = join(directory, "merged");
    assert.equal((await call(["merge", ...outs.map(report), "--out", merged])).code, 0);
    assert.equal(text(merged), text(whole));
  });
});

test("merge says what is missing, interrupted or left out, and exits 5", async () => {
  await inDirectory(async (directory) => {
    const outs = await shards(directory, 3);
    const [first = "", second = "", third = ""] = outs;
    const merged = join(directory, "merged");
    const merge = (...paths: string[]) =>
      call(["merge", ...paths.map(report), "--out", merged, "--reporter", "terminal"]);
    const missing = await merge(first, third);
    assert.equal(missing.code, 5);
    assert.match(missing.err, /^Missing: \d+ of the \d+ conditions of the plan are in no report/);
    assert.match(missing.out, /unknown surprises/);
    const part = join(directory, "part");
    const args = ["run", "--shard", "2/3", "--out", part];
    assert.equal((await call(args, { interrupt: true })).code, 130);
    const torn = await merge(first, part, third);
    assert.equal(torn.code, 5);
    assert.match(torn.err, /^Missing: [^\n]*\nInterrupted: 1 of the \d+ conditions/);
    await call([...args, "--resume"]);
    assert.equal(text(part), text(second));
    // Every condition is there, but nobody knows what one shard would have said at its end.
    const endless = text(second).split("\n").slice(0, -3);
    writeFileSync(report(part), `${endless.join("\n")}\n`);
    const open = await merge(first, part, third);
    assert.equal(open.code, 5);
    assert.equal(
      open.err.replace(/\d+/g, "N"),
      "Interrupted: N of the N conditions of the plan are only in a report that has no end; " +
        "run --resume goes on\n",
    );
    assert.equal(openReport(report(merged)).end, undefined);
    // What was torn is no loss beside the whole.
    assert.equal((await merge(first, part, second, third, first)).code, 0);
    const rerun = join(directory, "rerun");
    await call(["run", "counter@1[up]>2[up]*", "--out", rerun]);
    const [own] = openReport(report(rerun)).conditions();
    const hasIt = (out: string) =>
      [...openReport(report(out)).conditions()].some(({ name }) => name === own?.name);
    const without = outs.filter((out) => !hasIt(out));
    const left = await merge(...without, rerun);
    assert.equal(left.code, 5);
    assert.match(left.err, /\nLeft out: \d+ conditions that no report of the plan has, such as/);
  });
});

test("merge refuses reports of other runs, in one line", async () => {
  await inDirectory(async (directory) => {
    const [a, b] = [join(directory, "a"), join(directory, "b")];
    await call(["run", "--out", a]);
    await call(["run", "--out", b, "--seed", "2"]);
    const into = ["--out", join(directory, "merged")];
    const seeds = await call(["merge", report(a), report(b), ...into]);
    assert.equal(seeds.code, 2);
    assert.match(
      seeds.err,
      /^Cannot merge .* as its seed must be the same as in .*: it is 2 and 1\n$/,
    );
    const itself = await call(["merge", report(a), "--out", a]);
    assert.match(itself.err, /must not be one of the reports\n$/);
    assert.equal((await call(["merge", join(a, "none"), ...into])).code, 2);
    const lines = text(a).split("\n");
    const header = { ...JSON.parse(lines[0] ?? ""), shard: { number: 1, of: 1, conditions: 9 } };
    for (const [places, expected] of [
      [[1, 0], "must have places that ascend: current value is 0"],
      [[0, 1e9], "must have places up to \\d+: current value is 1000000000"],
      [["x"], "must have places that ascend: current value is x"],
    ] as const) {
      const placed = places.map((at, index) => {
        return JSON.stringify({ ...JSON.parse(lines[1 + index] ?? ""), at });
      });
      writeFileSync(report(b), `${[JSON.stringify(header), ...placed].join("\n")}\n`);
      const { code, err } = await call(["merge", report(b), ...into]);
      assert.equal(code, 2);
      assert.match(err, new RegExp(expected));
    }
  });
});

test("merge marks what does not agree as flaky and keeps the failure", async () => {
  await inDirectory(async (directory) => {
    const whole = join(directory, "whole");
    await call(["run", "--out", whole], { product: flakyProduct((restore) => restore === 10) });
    const bad = [...openReport(report(whole)).conditions()].filter(({ cells }) =>
      cells.some(({ surprise }) => surprise !== undefined),
    );
    assert.equal(bad.length, 1);
    const again = join(directory, "again");
    const rerunDirectory = join(directory, "rerun");
    await inRerun(
      whole,
      rerunDirectory,
      flakyProduct(() => false),
    );
    copyFileSync(report(whole), `${again}.ndjson`);
    for (const given of [
      [report(whole), report(rerunDirectory)],
      [report(rerunDirectory), `${again}.ndjson`, report(whole)],
    ]) {
      const merged = join(directory, "merged");
      const product = flakyProduct(() => false);
      const { code, out } = await call(["merge", ...given, "--out", merged], { product });
      assert.equal(code, 1);
      assert.match(out, /1 conditions that do not agree/);
      const { end, conditions } = openReport(report(merged));
      assert.equal(end?.surprises, bad[0]?.cells.filter(({ surprise }) => surprise).length);
      assert.equal(end?.flaky, end?.surprises);
      assert.deepEqual(end?.retried, { conditions: 1, attempts: 2 });
      const [cell] = flakyCells(conditions());
      assert.deepEqual(cell?.flaky, {
        attempts: 2,
        surprises: 1,
        verdicts: { refused: 1, passed: 1 },
      });
      assert.equal(cell?.verdict, "refused");
    }
  });
});

/** Runs what surprised in the report of `whole` again, into `out`. */
async function inRerun(whole: string, out: string, product: Product): Promise<void> {
  await call(["run", "--out", out], { product });
  copyFileSync(report(whole), report(out));
  assert.equal((await call(["run", "--only-failed", "--out", out], { product })).code, 0);
}

function flakyCells(conditions: Iterable<ConditionResult>): CellResult[] {
  return [...conditions].flatMap(({ cells }) => cells.filter(({ flaky }) => flaky !== undefined));
}

test("run --retries counts attempts, marks what differs and never hides a failure", async () => {
  await inDirectory(async (out) => {
    const product = flakyProduct((restore) => restore === 10 || restore === 12);
    const { code } = await call(["run", "--retries", "3", "--out", out], { product });
    assert.equal(code, 1);
    const { end, conditions } = openReport(report(out));
    assert.ok(end !== undefined && end.surprises > 0);
    assert.deepEqual(end.retried, { conditions: 1, attempts: 4 });
    assert.equal(end.flaky, end.surprises);
    const [cell] = flakyCells(conditions());
    const verdicts = { refused: 2, passed: 2 };
    assert.deepEqual(cell?.flaky, { attempts: 4, surprises: 2, verdicts });
    // What fails each time is no flake.
    const steady = flakyProduct(() => true);
    assert.equal(
      (await call(["run", "--retries", "1", "--out", out], { product: steady })).code,
      1,
    );
    const all = openReport(report(out)).end;
    assert.equal(all?.flaky, undefined);
    assert.equal(all?.retried?.attempts, 2 * (all?.retried?.conditions ?? 0));
  });
});

test("run --attempts runs each condition so often, and says how often it showed what", async () => {
  await inDirectory(async (out) => {
    const product = flakyProduct((restore) => restore === 0);
    const { code } = await call(["run", "--attempts", "2", "--out", out], { product });
    assert.equal(code, 1);
    const { end, conditions } = openReport(report(out));
    const all = [...conditions()];
    assert.deepEqual(end?.retried, { conditions: all.length, attempts: 2 * all.length });
    const [cell] = flakyCells(all);
    assert.deepEqual(cell?.flaky?.attempts, 2);
    assert.deepEqual(cell?.flaky?.verdicts, { refused: 1, passed: 1 });
    assert.match([...terminal(openReport(report(out)))].join(""), /⊘\d+!~/);
  });
});

test("run --fail-fast stops at a surprise, with reports and its exit code", async () => {
  await inDirectory(async (out) => {
    const product = flakyProduct((restore) => restore === 10);
    const { code, err } = await call(["run", "--fail-fast", "--out", out], { product });
    assert.equal(code, 1);
    assert.match(err, /^Stopped at a surprise after \d+ of \d+ conditions, all of them on disk/);
    const { end, conditions } = openReport(report(out));
    assert.equal(end, undefined);
    const last = [...conditions()].at(-1);
    assert.ok(last?.cells.some(({ surprise }) => surprise !== undefined));
    assert.equal((await call(["run", "--resume", "--out", out], { product })).code, 1);
    assert.equal(openReport(report(out)).end?.surprises, 1);
  });
});

test("run --redact writes nothing private, and report --redact shows nothing", async () => {
  await inDirectory(async (directory) => {
    const [plain, published] = [join(directory, "plain"), join(directory, "published")];
    const product = flakyProduct((restore) => restore === 10, "no file /home/alice/vm/disk.img");
    await call(["run", "--out", plain], { product });
    assert.match(text(plain), /\/home\/alice/);
    const again = flakyProduct((restore) => restore === 10, "no file /home/alice/vm/disk.img");
    assert.equal((await call(["run", "--redact", "--out", published], { product: again })).code, 1);
    assert.match(text(published), /no file <path>\/disk\.img/);
    assert.doesNotMatch(text(published), /alice/);
    const shown = ["report", "--from", report(plain), "--redact", "--reporter"];
    const { out } = await call([...shown, "ndjson", "--out", join(directory, "x")], { product });
    assert.equal(out, "");
  });
});

test("run says how --shard and --times are used", async () => {
  await inDirectory(async (out) => {
    for (const given of ["0/3", "4/3", "1", "1/1000", "a/b", "1/3/5"]) {
      const { code, err } = await call(["run", "--shard", given, "--out", out]);
      assert.equal(code, 2);
      assert.match(err, /^Cannot run as --shard must be K\/N with K from 1 to N and N up to 999/);
    }
    assert.match((await call(["run", "--times", "x"])).err, /--shard must be given\n$/);
    const none = await call(["run", "--shard", "1/2", "--times", join(out, "none"), "--out", out]);
    assert.match(none.err, /^Cannot read times in .*times\.ndjson: ENOENT\n$/);
    writeFileSync(join(out, "times.ndjson"), '{"name":"a","ms":-1}\n');
    const bad = await call(["run", "--shard", "1/2", "--times", join(out, "times.ndjson")]);
    assert.match(bad.err, /as each line must have a name and ms\n$/);
  });
});

test("merge carries the logs of adapters, and says which it does not find", async () => {
  await inDirectory(async (directory) => {
    const outs = await shards(directory, 3);
    for (const [index, out] of outs.entries()) {
      const logged = '"transcript":[{"event":"log","release":"1","detail":"rig-000001.log"},';
      writeFileSync(report(out), text(out).replace('"transcript":[', logged));
      mkdirSync(join(out, "kept"));
      if (index < 2) writeFileSync(join(out, "kept", "rig-000001.log"), `shard ${index}\n`);
    }
    const secret = join(directory, "secret");
    writeFileSync(secret, "not for a report");
    symlinkSync(secret, join(outs[2] ?? "", "kept", "rig-000001.log"));
    const merged = join(directory, "merged");
    const given = [...outs, outs[0] ?? ""].map(report);
    const { err, out } = await call(["merge", ...given, "--out", merged]);
    assert.match(err, /^Not found: 1 logs of adapters, such as rig-000001.log of .*3of3/);
    assert.match(out, /\nMerged 4 reports, 0 conditions that do not agree\n/);
    const named = [...openReport(report(merged)).conditions()].flatMap(({ transcript }) =>
      transcript.filter(({ event }) => event === "log").map(({ detail }) => detail),
    );
    const kept = readdirSync(join(merged, "logs"));
    assert.equal(kept.length, 2);
    assert.deepEqual(named.filter((name) => name !== "rig-000001.log").toSorted(), kept.toSorted());
    const texts = kept.map((name) => readFileSync(join(merged, "logs", name), "utf8"));
    assert.deepEqual(texts.toSorted(), ["shard 0\n", "shard 1\n"]);
    // A report that was merged is merged again, and the logs come along.
    const again = join(directory, "again");
    await call(["merge", report(merged), "--out", again]);
    assert.equal(text(again), text(merged));
    assert.deepEqual(readdirSync(join(again, "logs")).toSorted(), kept.toSorted());
  });
});

test("--times takes a history, and deals as the newest times of it say", async () => {
  await inDirectory(async (directory) => {
    const [whole, history] = [join(directory, "whole"), join(directory, "h.sqlite")];
    await call(["run", "--out", whole]);
    await call(["history", "add", report(whole), "--history", history]);
    const names = [...openReport(report(whole)).conditions()].map(({ name }) => name);
    const slow = names.at(40);
    const times = names.map((name) => JSON.stringify({ name, ms: name === slow ? 9999 : 1 }));
    writeFileSync(join(whole, "times.ndjson"), `${times.join("\n")}\n`);
    writeFileSync(report(whole), text(whole).replace('"passed":', '"passed": '));
    await call(["history", "add", report(whole), "--history", history]);
    const byFile = await shards(directory, 2, ["--times", report(whole)]);
    const expected = byFile.map(text);
    assert.deepEqual((await shards(directory, 2, ["--times", history])).map(text), expected);
    assert.notDeepEqual((await shards(directory, 2)).map(text), expected);
    const none = join(directory, "none.sqlite");
    copyFileSync(report(whole), join(directory, "run.ndjson"));
    await call(["history", "add", join(directory, "run.ndjson"), "--history", none]);
    const { code, err } = await call(["run", "--shard", "1/2", "--times", none]);
    assert.deepEqual([code, /^Cannot read times in .*: none has\n$/.test(err)], [2, true]);
  });
});
