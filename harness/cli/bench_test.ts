import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { benches } from "../benches.ts";
import { call, inDirectory } from "./called.ts";
import { counterProduct } from "./counter_product.ts";
import { EXIT_ADAPTER, EXIT_FINDING, EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE } from "./exit.ts";

const SAVED = `{"metric":"saved","class":"exact","unit":"B","value":100}`;
const prints = (...lines: readonly string[]) =>
  lines.map((line) => `printf '%s\\n' '${line}'`).join("; ");

function compare(a: string, b: string, ...more: readonly string[]) {
  return call(["bench", "compare", "--a", a, "--b", b, ...more]);
}

test("bench sample prints a metric a line, octets and times", async () => {
  const args = ["--most", "2", "--passes", "1", "--paths", "pairs"];
  const { code, out } = await call(["bench", "sample", ...args]);
  assertEquals(code, EXIT_OK);
  const metrics = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).metric as string);
  assertEquals(metrics.filter((name) => name.startsWith("saved ")).length, 2);
  assert(metrics.includes("restore") && metrics.includes("save"), metrics.join());
});

test("bench compare says what an exact metric became, and that it is a finding", async () => {
  const { code, out } = await compare(prints(SAVED), prints(SAVED.replace("100", "108")));
  assertEquals(code, EXIT_FINDING);
  assertMatch(out, /1 exact metrics, 1 changed\n {2}regression: saved: 100 B became 108 B/);
});

test("bench compare is content with less, the same, and what --allow allows", async () => {
  for (const [value, ...more] of [["92"], ["100"], ["108", "--allow", "8"]] as const) {
    const b = prints(SAVED.replace("100", value));
    assertEquals((await compare(prints(SAVED), b, ...more)).code, EXIT_OK, value);
  }
});

test("bench compare answers JSON without infinities", async () => {
  const timed = `{"metric":"save","class":"timed","unit":"ms","value":3}`;
  const side = prints(SAVED, timed);
  const { out } = await compare(side, side, "--budget", "1s", "--json");
  const answer = JSON.parse(out);
  assertEquals(answer.exact, [{ metric: "saved", unit: "B", verdict: "same", a: 100, b: 100 }]);
  assertEquals(answer.timed[0].metric, "save");
});

test("bench compare names the side that broke, and why, in one line", async () => {
  for (const [b, words] of [
    ["exit 3", "Cannot compare as side b ends with 3"],
    ["echo no such release >&2; exit 1", "side b ends with 1: no such release"],
    ["kill -9 $$", "side b ends with SIGKILL"],
    ["true", "Cannot read metrics as there is none (side b)"],
    ["echo hello", 'line 1 must have one JSON object: current value is "hello" (side b)'],
    ["yes", "side b prints more than 16777216 octets"],
    ["sleep 100 & wait", "side b does not end within 1 s"],
    [prints(SAVED.replace("saved", "kept")), "as the sides must have a metric in common"],
  ] as const) {
    const { code, err } = await compare(prints(SAVED), b, "--timeout", "1s");
    assertEquals(code, EXIT_ADAPTER, b);
    assert(err.includes(words) && err.trimEnd().split("\n").length === 1, `${b}: ${err}`);
  }
});

test("bench compare refuses an exact metric that changes from run to run", async () => {
  await inDirectory(async (directory) => {
    const count = join(directory, "count");
    writeFileSync(count, "");
    const grows = `echo >> ${count}; ${prints(SAVED).replace("100", `'"$(wc -l < ${count})"'`)}`;
    const { code, err } = await compare(grows, grows);
    assertEquals(code, EXIT_ADAPTER);
    assertMatch(
      err,
      /Cannot take saved as exact as it must not change: current value is \d, then \d/,
    );
  });
});

test("bench compare takes a folder for a build, and says when it has none", async () => {
  await inDirectory(async (directory) => {
    const { code, err } = await compare(directory, "true");
    assertEquals(code, EXIT_USAGE);
    assertMatch(err, /as the folder .* must have a build/);
  });
});

test("bench compare ends at an interrupt, with what it has", async () => {
  const args = ["bench", "compare", "--a", "sleep 100", "--b", "sleep 100"];
  assertEquals((await call(args, { interrupt: true })).code, EXIT_INTERRUPTED);
});

test("bench compare says which option is wrong", async () => {
  for (const [words, option] of [
    ["--budget", "soon"],
    ["--floor", "0"],
    ["--allow", "-1"],
  ]) {
    const { code, err } = await compare("true", "true", `${words}=${option}`);
    assertEquals(code, EXIT_USAGE);
    assertMatch(err, /Cannot measure as .*: current value is/);
  }
});

const GATES = { gates: [{ metric: "saved", allow: 5 }] };
const ENTRY = { metric: "saved", reason: "a field more", link: "https://x.test/1" };

test("bench compare blocks by the policy of a configuration, and accepts growth", async () => {
  await inDirectory(async (directory) => {
    const config = join(directory, "freezethaw.config.json");
    const grown = (to: string) => [prints(SAVED), prints(SAVED.replace("100", to))] as const;
    for (const [to, bench, code, words] of [
      ["104", GATES, EXIT_OK, "gate: passed"],
      ["106", GATES, EXIT_FINDING, "blocks: saved"],
      ["106", { gates: [] }, EXIT_OK, "gate: passed"],
      ["106", { accepted: [{ ...ENTRY, expires: "2026-12-31" }] }, EXIT_OK, "accepted: saved"],
      ["106", { accepted: [{ ...ENTRY, expires: "2026-12-30" }] }, EXIT_FINDING, "accepted until"],
      ["100", { accepted: [{ ...ENTRY, expires: "2026-12-31" }] }, EXIT_FINDING, "did not grow"],
    ] as const) {
      writeFileSync(config, JSON.stringify({ bench }));
      const options = ["--config", config, "--today", "2026-12-31"];
      const { code: found, out } = await compare(...grown(to), ...options);
      assertEquals([found, out.includes(words)], [code, true], `${to} ${words}: ${out}`);
    }
    writeFileSync(config, JSON.stringify({ bench: { accepted: [ENTRY] } }));
    const { code, err } = await compare("true", "true", "--config", config);
    assertEquals(code, EXIT_USAGE);
    assertMatch(err, /^Cannot gate as expires must be a day, .*absent \(freezethaw.config/);
  });
});

test("bench compare writes a summary and a page, and every run", async () => {
  await inDirectory(async (directory) => {
    const timed = `{"metric":"a|<b>","class":"timed","unit":"ms","value":3}`;
    const [a, b] = [prints(SAVED, timed), prints(SAVED.replace("100", "108"), timed)];
    const at = (name: string) => join(directory, name);
    const files = ["--markdown", at("a.md"), "--html", at("a.html"), "--keep", at("a.json")];
    assertEquals((await compare(a, b, "--budget", "1s", ...files)).code, EXIT_FINDING);
    const [markdown, html, kept] = ["a.md", "a.html", "a.json"].map((name) =>
      readFileSync(at(name), "utf8"),
    ) as [string, string, string];
    assertMatch(markdown, /^### Costs: blocked\n/);
    assert(markdown.includes("| saved | 1.080 | 100 to 108 B | regression | any | blocks |"));
    assert(markdown.includes("| a\\|&lt;b> | 1.000 |"), markdown);
    assert(html.includes("<td>a|&lt;b></td><td>1.000</td>"), html);
    const { metrics, runs } = JSON.parse(kept);
    assertEquals(metrics, ["a|<b>"]);
    assertEquals([runs.length % 6, runs[0].length, runs[0][1]], [0, 2, 3]);
  });
});

test("bench own measures our code and that of a rival in the same metrics", async () => {
  const product = { ...counterProduct(), benches };
  const measure = (args: readonly string[]) => call(args, { product });
  const own = ["bench", "own", "mesh", "--rounds", "1"];
  const [ours, theirs] = [await measure(own), await measure([...own, "--rival", "protobufjs"])];
  const names = (out: string) => {
    const lines = out.trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line).metric as string);
  };
  assertEquals(names(ours.out), [...names(theirs.out), "processor of own code"]);
  assertEquals(names(theirs.out).length, 8);
  const none = await measure(["bench", "own", "qemu", "--rival", "protobufjs"]);
  assertEquals(none.code, EXIT_USAGE);
  assertMatch(none.err, /--rival must be none, as it has none: current value is protobufjs/);
});

test("bench gate says in one line that a commit is not there", async () => {
  const { code, err } = await call(["bench", "gate", "--base", "no-such-commit"]);
  assertEquals(code, EXIT_USAGE);
  assertMatch(err, /^Cannot compare with no-such-commit as git must have it: .*\n$/);
});

test("bench self-test needs runs that were kept", async () => {
  await inDirectory(async (directory) => {
    const { code, err } = await call(["bench", "self-test", directory]);
    assertEquals(code, EXIT_USAGE);
    assertMatch(err, /^Cannot test comparisons as .* must have kept runs: it has none\n$/);
  });
});
