import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { pythonCommand, toyCommand } from "../adapters/rpc/paths.ts";
import { call, inDirectory } from "./called.ts";

const SICK = fileURLToPath(new URL("../doctor/sick.js", import.meta.url));
const WORDS = [process.execPath, ...("Deno" in globalThis ? ["run", "-A"] : []), SICK];
const PATIENCE = ["--timeout", "100000", "--slow", "100000"];
const options = { timeout: 120_000 };

test("doctor says what to change in one line for each finding, and exits 4", options, async () => {
  const { code, out, err } = await call(["doctor", ...PATIENCE, "--", ...WORDS, "exit-code"]);
  assert.deepEqual([code, err], [0, ""], "advice is no defect");
  assert.equal(
    out,
    `advice exit-code: it ends with exit code 1 when its input is closed; exit with 0 when \
standard input is closed
"toy", 1.0,2.0: 0 defects, 1 advice
`,
  );
  const sick = await call(["doctor", ...PATIENCE, "--json", "--", ...WORDS, "release-lies"]);
  assert.equal(sick.code, 4);
  const told = JSON.parse(sick.out);
  assert.deepEqual(told.findings, [
    {
      code: "release-lies",
      severity: "defect",
      what: 'start of 1.0 says that "2.0" runs',
      change: "report the release that really runs",
    },
  ]);
  assert.deepEqual([told.name, told.releases, told.defects], ["toy", ["1.0", "2.0"], 1]);
});

test("doctor examines the adapter of a configuration, in its folder", options, () =>
  inDirectory(async (directory) => {
    const config = join(directory, "freezethaw.config.json");
    const script = `import(process.env.ADAPTER)`;
    writeFileSync(join(directory, "start.mjs"), script);
    const [runtime = "", ...words] = WORDS;
    const command = [runtime, ...words.slice(0, -1), "start.mjs"];
    writeFileSync(config, JSON.stringify({ adapter: { command, env: { ADAPTER: SICK } } }));
    const { code, out, err } = await call(["doctor", ...PATIENCE, "--config", config]);
    assert.deepEqual([code, out, err], [0, '"toy", 1.0,2.0: 0 defects, 0 advice\n', ""]);
  }),
);

test("doctor says that a command does not start", options, async () => {
  const { code, out } = await call(["doctor", "--", "./no-such-adapter"]);
  assert.equal(code, 4);
  assert.match(out, /^defect no-start: it ended before it answered hello: it cannot be started: E/);
  assert.match(out, /\n1 defect, 0 advice\n$/);
});

test("doctor says in one line what it cannot examine, and exits 2", async () => {
  for (const [args, expected] of [
    [["doctor"], "Cannot examine as an adapter must be named: freezethaw doctor -- COMMAND\n"],
    [["doctor", "--config", "none.json"], /^Cannot read none\.json: .*\n$/],
    [["doctor", "--config", "a", "--", "b"], /^Cannot examine two adapters: .*\n$/],
    [["doctor", "--timeout", "0", "--", "b"], /^Cannot run as --timeout must be .*\n$/],
  ] as const) {
    const { code, err } = await call(args);
    assert.equal(code, 2);
    if (typeof expected === "string") assert.equal(err, expected);
    else assert.match(err, expected);
  }
});

const python = pythonCommand();
const TOYS = {
  TypeScript: toyCommand(),
  "TypeScript, by halves": [...toyCommand(), "--half"],
  Python: python ?? [],
};
for (const [name, words] of Object.entries(TOYS)) {
  const skip = words.length === 0 ? "there is no Python" : false;
  test(`doctor finds nothing wrong with the toy in ${name}`, { ...options, skip }, async () => {
    const { code, out } = await call(["doctor", ...PATIENCE, "--", ...words]);
    assert.equal(out, '"toy", 1.0,2.0,3.0: 0 defects, 0 advice\n');
    assert.equal(code, 0);
  });
}
