/**
 * The GitHub Action and the GitLab snippet, their steps run by a shell as a runner does it, with
 * programs of our own in place of npm, gh and curl.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { call, inDirectory } from "./called.ts";
import { type Yaml, yamlOf } from "./plain_yaml.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** The scripts say node; each runtime has its own tests of what they start. */
const onNode = process.versions.deno === undefined && process.versions.bun === undefined;
const skip = onNode ? false : "the steps start Node";
const LIMIT = { timeout: 240_000, skip };

type Values = Readonly<Record<string, string>>;

/** A machine with a home of its own and stand-ins for the programs of forges. */
class Runner {
  readonly directory: string;
  readonly env: Record<string, string>;

  constructor(directory: string) {
    this.directory = directory;
    const bin = join(directory, "bin");
    mkdirSync(bin);
    symlinkSync(process.execPath, join(bin, "node"));
    for (const [name, script] of Object.entries(STAND_INS)) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    const files = { GITHUB_OUTPUT: "output", GITHUB_STEP_SUMMARY: "summary" };
    this.env = {
      PATH: `${bin}:${process.env.PATH}`,
      HOME: directory,
      BASE: join(directory, "green"),
    };
    for (const [name, file] of Object.entries(files)) {
      this.env[name] = join(directory, file);
      writeFileSync(join(directory, file), "");
    }
  }

  /** As `bash -e` runs the script of a step. */
  run(script: string, env: Values) {
    const options = {
      cwd: this.directory,
      env: { ...this.env, ...env },
      encoding: "utf8",
    } as const;
    const { status, stdout, stderr } = spawnSync("bash", ["-e", "-c", script], options);
    return { status, text: stdout + stderr };
  }

  read(name: string): string {
    return readFileSync(join(this.directory, name), "utf8");
  }

  outputs(): Values {
    const lines = this.read("output").trimEnd().split("\n");
    return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
  }
}

/** gh and curl give the report of a green run, when there is one. */
const STAND_INS: Values = {
  // What fetches real programs finds no mirror.
  "apt-get": "exit 1",
  npm: 'echo "npm $*" >> "$HOME/npm.log"',
  gh: `if [ "$1 $2" = "run list" ]; then [ ! -d "$BASE" ] || echo 7; exit; fi
[ "$3" = 7 ] && mkdir -p "$7" && cp "$BASE/run.ndjson" "$7"`,
  curl: 'for a; do [ "$p" != --output ] || out="$a"; p="$a"; done; cp "$BASE/run.ndjson" "$out"',
};

/** What a forge puts in for an expression. */
function filled(text: string, values: Values): string {
  return text.replace(/\$\{\{ ([a-z_.-]+) \}\}/gi, (_, name: string) => values[name] ?? "");
}

/** Runs the steps of action.yml; the answers of those that have a script, by their names. */
function act(runner: Runner, inputs: Values) {
  const action = yamlOf(readFileSync(join(ROOT, "action.yml"), "utf8")) as Yaml;
  const values: Record<string, string> = {
    "github.action_path": ROOT,
    "github.workflow": "compatibility",
    "github.event.repository.default_branch": "main",
    "runner.temp": join(runner.directory, "temp"),
  };
  for (const [name, input] of Object.entries(action.inputs as Readonly<Record<string, Yaml>>)) {
    values[`inputs.${name}`] = inputs[name] ?? filled(String(input.default), values);
  }
  const answers: Record<string, { status: number | null; text: string }> = {};
  for (const step of (action.runs as Yaml).steps as Yaml[]) {
    const condition = /^inputs\.(\S+) != ''$/.exec(String(step.if ?? ""));
    if (condition !== null && values[`inputs.${condition[1]}`] === "") continue;
    if (step.run === undefined) {
      assert.match(String(step.uses), /^actions\/[a-z-]+@v\d+$/);
      continue;
    }
    assert.doesNotMatch(String(step.run), /\$\{\{/, "no text of a user comes into a script");
    const env = Object.entries((step.env ?? {}) as Values);
    const given = Object.fromEntries(env.map(([name, text]) => [name, filled(text, values)]));
    answers[String(step.name)] = runner.run(String(step.run), given);
  }
  return answers;
}

test("the GitHub Action runs, compares with the last green run and reports", LIMIT, () =>
  inDirectory((directory) => {
    const runner = new Runner(directory);
    const inputs = { arguments: ARGUMENTS, fetch: "xenstored-not", "max-artifact-size": "50M" };
    const first = act(runner, { ...inputs, fetch: "" });
    assert.equal(first.Run?.status, 0, first.Run?.text);
    assert.match(first.Baseline?.text ?? "", /^No green run of main has an artifact freezethaw/);
    assert.equal(runner.outputs()["exit-code"], "0");
    assert.equal(runner.outputs().change, undefined);
    assert.match(runner.read("summary"), /^# Save and restore of qemu-model\n/);
    assert.match(first.Run?.text ?? "", /::notice title=freezethaw qemu-model::/);
    assert.equal(runner.read("npm.log"), "npm ci --omit=dev --no-audit --no-fund\n");
    // The run that was green is the baseline of the next one, in which something is new.
    cpSync(join(directory, "reports"), join(directory, "green"), { recursive: true });
    const path = join(directory, "green", "run.ndjson");
    writeFileSync(path, readFileSync(path, "utf8").replace('"verdict":"passed"', BROKE));
    writeFileSync(join(directory, "summary"), "");
    const second = act(runner, { ...inputs, fetch: "" });
    assert.equal(second.Run?.status, 0, second.Run?.text);
    assert.equal(runner.outputs().change, "reports/change.md");
    assert.match(
      runner.read("reports/change.md"),
      /Against the baseline: surprises that are gone: 1 /,
    );
    assert.ok(runner.read("summary").startsWith(runner.read("reports/change.md")));
    return Promise.resolve();
  }),
);

const ARGUMENTS = "--implementation qemu-model --paths pairs --where writer=5.2 --where reader=5.2";
const BROKE = '"verdict":"failed","reason":"worse","surprise":"passed"';

test("the GitHub Action says wrong use, and caches under a key of what it fetches", LIMIT, () =>
  inDirectory((directory) => {
    const runner = new Runner(directory);
    const { Run: run, "Cache key": key } = act(runner, {
      arguments: "--implementation none $(touch owned) `touch owned`",
      fetch: "qemu",
      "max-artifact-size": "1",
    });
    assert.equal(run?.status, 2, run?.text);
    assert.equal(key?.status, 0, key?.text);
    assert.match(runner.outputs().key ?? "", /^freezethaw-qemu-[a-z0-9]+-[a-z0-9]+-[0-9a-f]{16}$/);
    assert.equal(runner.outputs()["exit-code"], "2");
    assert.ok(!existsSync(join(directory, "owned")));
    return Promise.resolve();
  }),
);

test("the GitLab snippet runs the shards, merges them and compares", LIMIT, () =>
  inDirectory((directory) => {
    const runner = new Runner(directory);
    const file = yamlOf(readFileSync(join(ROOT, "ci", "gitlab.yml"), "utf8")) as Yaml;
    const {
      variables,
      freezethaw,
      "freezethaw-merge": merge,
    } = file as Readonly<Record<string, Yaml>>;
    const play = (job: Yaml | undefined, own: Values) => {
      const ci = {
        CI_API_V4_URL: "x",
        CI_PROJECT_ID: "1",
        CI_JOB_TOKEN: "t",
        CI_DEFAULT_BRANCH: "main",
      };
      const all: Record<string, string> = { ...ci, ...own };
      const given = { ...variables, ...(job?.variables as Values), FREEZETHAW: ROOT, ARGUMENTS };
      for (const [name, text] of Object.entries(given)) {
        all[name] = String(text).replace(/\$([A-Z_]+)/g, (_, key: string) => all[key] ?? "");
      }
      const lines = [
        ...((job?.before_script ?? []) as string[]),
        ...((job?.script ?? []) as string[]),
      ];
      return runner.run(lines.join("\n"), all);
    };
    for (const index of ["1", "2"]) {
      const shard = play(freezethaw, { CI_NODE_INDEX: index, CI_NODE_TOTAL: "2" });
      assert.equal(shard.status, 0, shard.text);
    }
    const merged = play(merge, {});
    assert.equal(merged.status, 0, merged.text);
    assert.match(merged.text, /No green pipeline of main has a report/);
    assert.deepEqual(
      JSON.parse(runner.read("merged/gl-code-quality-report.json")),
      knownOnly(runner),
    );
    mkdirSync(join(directory, "green"));
    cpSync(join(directory, "merged", "run.ndjson"), join(directory, "green", "run.ndjson"));
    assert.equal(play(merge, {}).status, 0);
    assert.match(runner.read("merged/change.md"), /\nNothing is new against the baseline\.\n/);
    return Promise.resolve();
  }),
);

function knownOnly(runner: Runner): unknown {
  const issues = JSON.parse(runner.read("merged/gl-code-quality-report.json")) as Yaml[];
  return issues.filter(({ severity }) => severity === "info");
}

test("--max-artifact-size says what it leaves out, the report last", async () => {
  await inDirectory(async (out) => {
    const size = (name: string) => readFileSync(join(out, name)).length;
    await call(["run", "--out", out]);
    const sizes = size("run.ndjson") + size("junit.xml") + size("report.md");
    const asked = ["run", "--out", out, "--max-artifact-size"];
    const { code, err } = await call([...asked, String(sizes)]);
    assert.equal(code, 0);
    assert.match(err, /^Left out: .*report\.html \(0\.000 MB\), as .* may have \d\.\d{3} MB\n/);
    assert.ok(!existsSync(join(out, "times.ndjson")) && existsSync(join(out, "run.ndjson")));
    const all = await call([...asked, "1"]);
    assert.match(all.err.trimEnd().split("\n").at(-1) ?? "", /^Left out: .*run\.ndjson /);
    const bad = await call([...asked, "much"]);
    assert.match(bad.err, /must be a size such as 50M: current value is much\n$/);
    assert.equal(bad.code, 2);
  });
});

test("fetch --cache-key fetches nothing, and changes with what is fetched", async () => {
  const product = (await import("./counter_product.ts")).counterProduct();
  const key = async (wants: readonly string[]) => {
    const program = Object.assign(() => assert.fail("it fetches"), { wants });
    const outside = { product: { ...product, fetchers: { program } } };
    return (await call(["fetch", "program", "--cache-key"], outside)).out;
  };
  assert.equal(await key(["a"]), await key(["a"]));
  assert.notEqual(await key(["a"]), await key(["b"]));
  assert.ok(dirname(await key([])) === ".", "no path is in it");
});
