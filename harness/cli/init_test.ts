import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { product } from "../product.ts";
import { call, inDirectory } from "./called.ts";
import { LANGUAGES } from "./init.ts";

const isNode = !("Deno" in globalThis || "Bun" in globalThis);

/** Why an adapter in `language` cannot be run here; false when it can. */
function untried(language: string): string | false {
  if (!isNode) return "runs on Node";
  const { build, command } = LANGUAGES[language] ?? {};
  const [tool = ""] = build ?? command ?? [];
  const asked = tool === "go" ? ["version"] : ["--version"];
  return spawnSync(tool, asked).status === 0 ? false : `${tool} is not on this machine`;
}

/** Requests that a careless reader of JSON takes for others, and what is to come of each. */
const TALK: readonly (readonly [request: string, answer: object])[] = [
  [
    String.raw`{"jsonrpc":"2.0","id":"a\"}b","method":"st\u0061rt","params":{"inputs":{"release":` +
      String.raw`"9","a":["]}\"",{"seed":5}]},"settings":{},"release":"2.\u0030","seed":7}}`,
    { id: 'a"}b', result: { machine: "m1", release: "2.0" } },
  ],
  [
    '{"jsonrpc":"2.0","id":2,"method":"observe","params":{"machine":"m1"}}',
    { id: 2, result: { value: { memory: 7, uptime: 0 } } },
  ],
  [
    String.raw`{"params":{"machine":"\u006d1"},"id":3,"jsonrpc":"2.0","method":"save"}`,
    { id: 3, result: { state: { base64: "dG95MiA3IDAgNw==" } } },
  ],
  ['{"jsonrpc":"2.0","id":4,"method":"stop","params":{"machine":"m1"}}', { id: 4, result: {} }],
  [
    ' {"jsonrpc": "2.0", "id": 5, "method": "restore", "params": ' +
      '{"release": "2.0", "state": {"base64": "dG95MiA3IDAgNw=="}}} ',
    { id: 5, result: { machine: "m2", release: "2.0" } },
  ],
  [
    '{"jsonrpc":"2.0","id":6,"method":"observe","params":{"machine":"m2"}}',
    { id: 6, result: { value: { memory: 7, uptime: 1 } } },
  ],
  [restoring(7, "1.0", "toy2 7 0 7"), { id: 7, error: -32001 }],
  [restoring(8, "2.0", "toy1 7 0"), { id: 8, result: { machine: "m3", release: "2.0" } }],
  [restoring(9, "2.0", "toy2 7 0 8"), { id: 9, error: -32001 }],
  [restoring(10, "2.0", "toy2 7 0"), { id: 10, error: -32001 }],
  [restoring(11, "2.0", "toy1 7 0\n"), { id: 11, error: -32001 }],
  [restoring(12, "2.0", "\u00ff\u00ff\u00ff"), { id: 12, error: -32001 }],
  [
    String.raw`{"jsonrpc":"2.0","id":13,"method":"observe","params":{"machine":"m2\u0000"}}`,
    { id: 13, error: -32602 },
  ],
  [
    String.raw`{"jsonrpc":"2.0","id":14,"method":"\ud834\udd1e","params":{}}`,
    { id: 14, error: -32601 },
  ],
  ['{"jsonrpc":"2.0","id":15,"method":"start","params":{}}', { id: 15, error: -32602 }],
];

function restoring(id: number, release: string, state: string): string {
  const base64 = Buffer.from(state, "latin1").toString("base64").replaceAll("/", "\\/");
  return JSON.stringify({ jsonrpc: "2.0", id, method: "restore", params: { release } }).replace(
    "}}",
    `,"state":{"base64":"${base64}"}}}`,
  );
}

for (const language of Object.keys(LANGUAGES)) {
  const options = { skip: untried(language), timeout: 120_000 };
  test(
    `init --language ${language} writes an adapter that reads any JSON and is run`,
    options,
    () =>
      inDirectory(async (directory) => {
        assert.equal((await call(["init", directory, "--language", language])).code, 0);
        const { build = [], command } = LANGUAGES[language] ?? { command: [] };
        const options = { cwd: directory, encoding: "utf8" } as const;
        if (build[0] !== undefined) {
          const { status, stderr } = spawnSync(build[0], build.slice(1), options);
          assert.deepEqual([status, stderr], [0, ""]);
        }
        const input = TALK.map(([request]) => `${request}\n`).join("");
        const { stdout, stderr, status } = spawnSync(command[0] ?? "", command.slice(1), {
          ...options,
          input,
        });
        assert.deepEqual([status, stderr], [0, ""]);
        const answers = stdout.trimEnd().split("\n").map(codeOnly);
        assert.deepEqual(
          answers,
          TALK.map(([, answer]) => answer),
        );
        await examineAndRun(directory);
      }),
  );

  test(`The ${language} template has at most 40 lines for the monitor`, () => {
    const { file } = LANGUAGES[language] ?? { file: "" };
    const text = readFileSync(new URL(`../templates/${file}`, import.meta.url), "utf8");
    const [, monitor = ""] = text.split(/^.*---- The .* ----.*$/m);
    const lines = monitor.split("\n").filter((line) => line.trim() !== "");
    assert.ok(lines.length > 10 && lines.length <= 40, `${file} has ${lines.length}`);
  });
}

/** The doctor finds nothing, and the first grid shows that 1.0 refuses what 2.0 saves. */
async function examineAndRun(directory: string): Promise<void> {
  const config = ["--config", join(directory, "freezethaw.config.ts")];
  const patience = ["--timeout", "100000", "--slow", "100000"];
  const doctor = await call(["doctor", ...config, ...patience, "--json"]);
  const { findings, notLookedAt } = JSON.parse(doctor.out);
  assert.deepEqual([doctor.code, findings, notLookedAt], [0, [], []]);
  const args = ["run", ...config, "--out", join(directory, "reports"), "--json"];
  const run = await call([...args, "--paths", "pairs"], { product });
  const { releases, end, surprises } = JSON.parse(run.out);
  assert.deepEqual([run.code, releases, end.adapterFaults], [1, ["1.0", "2.0"], 0]);
  assert.deepEqual(end.verdicts, { passed: 9, refused: 3 });
  assert.deepEqual(
    surprises.map(({ condition, verdict }: Record<string, string>) => [condition, verdict]),
    [["toy@2.0>1.0", "refused"]],
  );
}

/** An answer with the code of its error only: words differ by language. */
function codeOnly(line: string): object {
  const { jsonrpc, error, ...rest } = JSON.parse(line);
  assert.equal(jsonrpc, "2.0");
  return error === undefined ? rest : { ...rest, error: error.code };
}

test("init says what to do next and overwrites nothing", () =>
  inDirectory(async (directory) => {
    const folder = join(directory, "new/toy");
    const { code, out, err } = await call(["init", folder, "--language", "c"]);
    assert.deepEqual([code, err], [0, ""]);
    assert.deepEqual(readdirSync(folder).sort(), ["adapter.c", "freezethaw.config.ts"]);
    const config = join(folder, "freezethaw.config.ts");
    assert.equal(
      out,
      `Wrote ${config} and ${join(folder, "adapter.c")}, the adapter of a toy monitor

Next:
  (cd ${folder} && cc -std=c11 -O2 -o adapter adapter.c)
  freezethaw doctor --config ${config}
  freezethaw run --config ${config}
Then put your monitor where the first part of adapter.c has the toy.
`,
    );
    writeFileSync(config, "mine");
    const again = await call(["init", folder, "--language", "python"]);
    assert.deepEqual(
      [again.code, again.err],
      [2, `Cannot write ${config} as it must not be there yet\n`],
    );
    assert.equal(readFileSync(config, "utf8"), "mine");
    assert.ok(!existsSync(join(folder, "adapter.py")));
  }));

test("init finds the types of a configuration from a relative folder", () =>
  inDirectory(async (directory) => {
    await call(["init", relative(".", directory)]);
    const text = readFileSync(join(directory, "freezethaw.config.ts"), "utf8");
    const path = /from "(.*)"/.exec(text)?.[1] ?? "";
    assert.equal(join(directory, path), new URL("../configuration.ts", import.meta.url).pathname);
    assert.match(text, /adapter: \{ command: \["node", "adapter\.ts"\] \}/);
  }));

test("init says in one line what it cannot do, and exits 2", async () => {
  const { code, err } = await call(["init", "--language", "pythn"]);
  assert.equal(code, 2);
  assert.equal(err, 'Cannot find language "pythn": nearest are python, typescript, rust\n');
  const file = await call(["init", "package.json"]);
  assert.deepEqual([file.code, file.err], [2, "Cannot write to package.json: EEXIST\n"]);
});
