import assert from "node:assert/strict";
import { test } from "node:test";
import { findingText } from "./finding.ts";
import { readSources } from "./parse.ts";
import { checkAll } from "./rules.ts";

const HEADER = "/**\n * What it is.\n *\n * @module\n */\n";
const TEST = 'import { test } from "node:test";\n';

/** `count` lines of code. */
function filler(count: number): string {
  return "let a = 1;\n".repeat(count);
}

/** Files that break one rule each, and what must be said of them. */
const BAD: readonly [path: string, text: string, said: string][] = [
  ["src/bytes/up.ts", `${HEADER}import "../mesh/mod.ts";\n`, "6: layers: must not import src/mesh"],
  [
    "src/mesh/typed.ts",
    `${HEADER}import type { A } from "../nvme/a.ts";\n`,
    "6: layers: must not import src/nvme/a.ts",
  ],
  [
    "src/nvme/sister.ts",
    `${HEADER}export type B = import("../vmbus/b.ts").B;\n`,
    "6: layers: must not import src/vmbus/b.ts",
  ],
  [
    "src/mesh/package.ts",
    `${HEADER}import "protobufjs";\n`,
    "6: layers: must not import protobufjs",
  ],
  ["harness/reach.ts", `${HEADER}await import("./cli/run.ts");\n`, "6: layers: must not import"],
  ["harness/oracles/judge.ts", `${HEADER}import "../../src/nvme/a.ts";\n`, "6: layers: must not"],
  [
    "harness/adapters/one/peek.ts",
    `${HEADER}import "../two/secret.ts";\n`,
    "6: layers: must not import harness/adapters/two/secret.ts",
  ],
  ["suites/deep.ts", `${HEADER}import "../harness/runner.ts";\n`, "6: layers: must not import"],
  ["elsewhere/lost.ts", HEADER, "1: layers: folder is in no layer"],
  ["src/bytes/long.ts", HEADER + filler(246), "251: file-length: has 251 lines, at most 250"],
  [
    "src/bytes/body.ts",
    `${HEADER}export function slow(): void {\n${filler(69)}}\n`,
    "6: function-length: slow() has 71 lines, at most 70",
  ],
  [
    "src/bytes/wide.ts",
    `${HEADER}// ${"x".repeat(98)}\n`,
    "6: line-length: has 101 columns, at most 100",
  ],
  ["src/bytes/utils.ts", HEADER, '1: path-name: nothing is called "utils"'],
  ["src/mesh/core/a.ts", HEADER, '1: path-name: nothing is called "core"'],
  ["src/bytes/camelCase.ts", HEADER, "1: path-name: a file name is snake_case"],
  ["src/bytes/proof.ts", HEADER + TEST, "1: test-name: a file with tests, and no other"],
  ["src/bytes/empty_test.ts", HEADER, "1: test-name: a file with tests, and no other"],
  ["src/bytes/named.ts", `${HEADER}export class QueueHelper {}\n`, '6: export-name: "QueueHelper"'],
  ["src/bytes/bare.ts", "export const a = 1;\n", "1: header: starts with a comment"],
  [
    "src/bytes/open.ts",
    `${HEADER}// ${"TO"}DO: the rest\n`,
    "6: open-end: an open end needs the link",
  ],
  [
    "src/bytes/cited.ts",
    `/**\n * Source: ${"facts"}/openhcl/semantics.md.\n *\n * @module\n */\n`,
    "2: closed-source: a source is a file, page or pull request that a reader can open",
  ],
  [
    "src/bytes/quoted.ts",
    `${HEADER}export const source = "lib.rs; ${"facts"} tests.md, Gaps";\n`,
    "6: closed-source: a source is a file, page or pull request that a reader can open",
  ],
  ["src/bytes/whole.ts", `${HEADER}export default 1;\n`, "6: default-export: only a suite"],
  [
    "src/bytes/many.ts",
    `${HEADER}export const a = 1, b = 2, c = 3, d = 4, e = 5, f = 6;\n`,
    "6: exports: has 6 exports, at most 5",
  ],
  ["src/bytes/dice.ts", `${HEADER}Math.random();\n`, "6: chance: Math.random differs"],
  ["src/bytes/now.ts", `${HEADER}new Date();\n`, "6: chance: new Date() differs"],
  ["harness/timer.ts", `${HEADER}performance.now();\n`, "6: chance: performance.now differs"],
  [
    "src/bytes/drawn_test.ts",
    `${TEST}fc.assert(fc.property(fc.nat(), Boolean), { numRuns: 5 });\n`,
    "2: chance: fc.assert(unseeded) differs",
  ],
  ["src/mesh/raw.ts", `${HEADER}export let a: DataView;\n`, "6: raw-bytes: only src/bytes"],
  [
    "src/bytes/later_test.ts",
    `${TEST}test("a", (t) => t.skip());\n`,
    "2: portable-test: t.skip: decide at registration",
  ],
  [
    "src/bytes/group_test.ts",
    `import { describe } from "node:test";\ndescribe("a", async () => {});\n`,
    "2: portable-test: describe(async)",
  ],
  ["src/bytes/ring_a.ts", `${HEADER}import "./ring_b.ts";\n`, ""],
  [
    "src/bytes/ring_b.ts",
    `${HEADER}import type {} from "./ring_a.ts";\n`,
    "6: cycle: imports itself",
  ],
  ["src/bytes/unused.ts", HEADER, "1: dead-file: is reached from no program"],
];

/** Files that follow every rule. */
const GOOD: readonly [path: string, text: string][] = [
  ["harness/main.ts", `#!/usr/bin/env node\n${HEADER}import "./cli/run.ts";\n`],
  ["harness/cli/run.ts", `${HEADER}import "commander";\nimport "../path.ts";\nDate.now();\n`],
  ["harness/path.ts", `${HEADER}export const link = "https://example.org/${"x".repeat(90)}";\n`],
  ["harness/path_facts.ts", `${HEADER}export const what = "facts of each path";\n`],
  ["src/bytes/reader.ts", HEADER + filler(245)],
  ["src/bytes/reader_test.ts", `${TEST}import "./reader.ts";\nimport "@std/assert";\n`],
  ["src/mesh/mesh_bench.ts", `${HEADER}import "tinybench";\nperformance.now();\n`],
  ["compat/std-assert/mod.ts", HEADER],
  ["harness/mod.ts", `${HEADER}export * from "./path.ts";\nexport * from "./path_facts.ts";\n`],
  ["suites/queue.ts", `${HEADER}import "../harness/mod.ts";\nexport default 1;\n`],
  ["src/openhcl_state/nvme.ts", `${HEADER}export const NvmeManagerSavedState = 1;\n`],
  ["src/bytes/drawn_test.ts", `${TEST}fc.assert(fc.property(fc.nat(), Boolean), { seed });\n`],
  ["src/openhcl_state/nvme_test.ts", `${TEST}import "./nvme.ts";\nnew Date(5);\n`],
];

/** Findings on `files`, as text. The bad ones are parsed once for all tests. */
async function said(files: readonly (readonly [path: string, text: string, ...unknown[]])[]) {
  const texts = new Map(files.map(([path, text]) => [path, text]));
  return checkAll(await readSources(texts), "{}").map(findingText);
}
const saidOfBad = said(BAD);

for (const [path, , expected] of BAD) {
  if (expected === "") continue;
  test(`checkAll() says of ${path}: ${expected}`, async () => {
    const own = (await saidOfBad).filter((text) => text.startsWith(`${path}:`));
    assert.ok(
      own.some((text) => text.slice(path.length).includes(expected)),
      `said only:\n${own.join("\n")}`,
    );
  });
}

test("checkAll() says nothing of files that follow every rule", async () => {
  assert.deepEqual(await said(GOOD), []);
});

test("checkAll() follows new URL() and package.json when it looks for dead files", async () => {
  const files = [
    ["harness/main.ts", `${HEADER}new URL("./page.ts", import.meta.url);\n`],
    ["harness/page.ts", HEADER],
    ["harness/script.ts", HEADER],
  ] as const;
  const sources = await readSources(new Map(files));
  const dead = (packageText: string) => checkAll(sources, packageText).map(({ path }) => path);
  assert.deepEqual(dead("node harness/script.ts"), []);
  assert.deepEqual(dead("{}"), ["harness/script.ts"]);
});

test("readSources() finds each kind of import and its line", async () => {
  const text = `import a from "./a.ts";
import type { B } from "./b.ts";
export * from "./c.ts";
export type { D } from "./d.ts";
const e = await import("./e.ts");
type F = import("./f.ts").F;
// import "./comment.ts";
const text = 'import "./text.ts"';
`;
  const [source] = await readSources(new Map([["src/bytes/a.ts", text]]));
  assert.deepEqual(
    source?.imports.map(({ name, line }) => `${name} ${line}`),
    ["./a.ts 1", "./b.ts 2", "./c.ts 3", "./d.ts 4", "./e.ts 5", "./f.ts 6"],
  );
});

test("findingText() is one line that an editor can jump to", () => {
  const finding = { path: "src/a.ts", line: 7, rule: "layers", what: "must not import b" };
  assert.equal(findingText(finding), "src/a.ts:7: layers: must not import b");
});
