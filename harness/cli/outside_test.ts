import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ownCommand, pythonCommand, toyCommand } from "../adapters/rpc/paths.ts";
import { defineConfig } from "../configuration.ts";
import { product } from "../product.ts";
import { call, inDirectory } from "./called.ts";

const TOY = toyCommand();
const PYTHON = pythonCommand();
const OPTIONS = { timeout: 60_000 };

/** The lines of the run in `directory`. */
function lines(directory: string): { readonly type: string; readonly [name: string]: unknown }[] {
  const text = readFileSync(join(directory, "run.ndjson"), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test(
  "run --adapter runs the program behind -- over pairs, and tells what it refuses",
  OPTIONS,
  async () => {
    await inDirectory(async (directory) => {
      const args = ["run", "--paths", "pairs", "--out", directory, "--adapter", "--", ...TOY];
      const { code, err } = await call(args, { product });
      assert.equal(err, "");
      assert.equal(code, 1);
      const [header, ...rest] = lines(directory);
      assert.equal(header?.implementation, "toy");
      assert.deepEqual(header?.releases, ["1.0", "2.0", "3.0"]);
      const surprises = rest.filter(
        ({ type, cells }) =>
          type === "condition" &&
          (cells as { surprise?: string }[]).some(({ surprise }) => surprise !== undefined),
      );
      assert.deepEqual(
        surprises.map(({ name }) => name),
        ["toy@1.0>3.0"],
      );
    });
  },
);

test("a configuration in JSON has the command and what is known to fail", OPTIONS, async () => {
  await inDirectory(async (directory) => {
    const path = join(directory, "freezethaw.config.json");
    const known = {
      name: "too-old",
      factors: { writer: "1.0", reader: "3.0" },
      verdict: "refused",
      reason: "must be 2.0 or later",
      link: "https://example.com/toy/1",
      note: "Release 3.0 has forgotten what 1.0 writes.",
    };
    writeFileSync(path, JSON.stringify({ adapter: { command: TOY }, expectations: [known] }));
    const run = ["run", "--paths", "pairs", "--out", directory, "--config", path];
    assert.equal((await call(run, { product })).code, 0);
  });
});

test(
  "triage asks an adapter of one's own, and its expectations are believed",
  OPTIONS,
  async () => {
    await inDirectory(async (directory) => {
      const known = join(directory, "known.json");
      const own = ["--adapter", "--", ...TOY];
      const run = ["run", "--paths", "pairs", "--out", directory];
      await call([...run, ...own], { product });
      const triage = ["triage", join(directory, "run.ndjson"), "--write", known];
      const { code, out, err } = await call([...triage, ...own], { product });
      assert.deepEqual([code, err], [0, `${known}: 1 expectation more\n`]);
      assert.match(out, /where writer=1.0 & reader=3.0: exactly these\n/);
      assert.match(out, /\nNot checked with further conditions: none else is foretold to fail\n$/);
      const alone = await call(triage.slice(0, 2), { product });
      assert.match(alone.out, /\nNot checked with further conditions: toy is not at hand\n$/);
      assert.equal((await call([...run, "--expectations", known, ...own], { product })).code, 0);
    });
  },
);

test("run --replay replays a cell of an adapter of one's own", OPTIONS, async () => {
  await inDirectory(async (directory) => {
    const own = ["--adapter", "--", ...TOY];
    const run = ["run", "--paths", "pairs", "--out", directory, "--json", ...own];
    const { surprises } = JSON.parse((await call(run, { product })).out);
    const { token, reason } = surprises[0];
    const { code, out } = await call(["run", "--replay", token, ...own], { product });
    assert.equal(code, 1);
    assert.ok(out.includes(`refused on edge 0: ${reason}`), out);
  });
});

test("expectations of a configuration are checked as those of a file are", OPTIONS, async () => {
  await inDirectory(async (directory) => {
    const path = join(directory, "freezethaw.config.json");
    const entry = { name: "too-old", factors: { writer: "1.5" }, verdict: "refused" };
    writeFileSync(path, JSON.stringify({ adapter: { command: TOY }, expectations: [entry] }));
    const { code, err } = await call(["run", "--out", directory, "--config", path], { product });
    assert.equal(code, 2);
    assert.match(err, /^Cannot take expectations as too-old must have writer of 1.0,2.0,3.0: /);
  });
});

test("a configuration need not say what nobody knows of a failure", OPTIONS, async () => {
  await inDirectory(async (directory) => {
    const path = join(directory, "freezethaw.config.json");
    const known = { name: "old", factors: { writer: "1.0", reader: "3.0" } };
    const configuration = defineConfig({
      adapter: { command: TOY },
      expectations: [{ ...known, verdict: "refused" }],
    });
    writeFileSync(path, JSON.stringify(configuration));
    const run = ["run", "--paths", "pairs", "--out", directory, "--config", path];
    assert.equal((await call(run, { product })).code, 0);
  });
});

test("a configuration that is none is told in one line", OPTIONS, async () => {
  await inDirectory(async (directory) => {
    const path = join(directory, "freezethaw.config.json");
    for (const [text, told] of [
      ["{", /^Cannot read .*: SyntaxError: /],
      ["[]", /adapter must have a command, a socket or a url/],
      ['{"adapter":{"command":[]}}', /^Cannot use freezethaw.config.json as adapter must/],
      ['{"adapter":{"command":["x"]},"timeoutMs":0}', /timeoutMs must be an integer above 0/],
    ] as const) {
      writeFileSync(path, text);
      const { code, err } = await call(["run", "--config", path], { product });
      assert.equal(code, 2);
      assert.match(err, told);
      assert.equal(err.trim().split("\n").length, 1);
    }
  });
});

test("the same toy in another language gives the same report", {
  ...OPTIONS,
  skip: PYTHON === undefined ? "needs python3" : false,
}, async () => {
  await inDirectory(async (directory) => {
    const [a, b] = [join(directory, "a"), join(directory, "b")];
    await call(["run", "--out", a, "--adapter", "--", ...TOY], { product });
    await call(["run", "--out", b, "--jobs", "2", "--adapter", "--", ...(PYTHON ?? [])], {
      product,
    });
    const text = (out: string) => readFileSync(join(out, "run.ndjson"), "utf8");
    assert.ok(text(a) === text(b), "the reports differ");
  });
});

test(
  "an adapter that cannot be started, or says no hello, is told, and the exit code is 4",
  OPTIONS,
  async () => {
    const away = await call(["run", "--adapter", "--", "/nonexistent/adapter"], { product });
    assert.equal(away.code, 4);
    assert.match(away.err, /^The adapter broke: Cannot say hello to the adapter: .*ENOENT\n$/);
    const mute = await call(["run", "--adapter", "--", process.execPath, "--version"], { product });
    assert.equal(mute.code, 4);
    assert.match(
      mute.err,
      /^The adapter broke: Cannot say hello to the adapter: .*(no JSON|ended)/,
    );
  },
);

test(
  "run --keep keeps what an adapter writes beside its answers, and says where",
  OPTIONS,
  async () => {
    await inDirectory(async (directory) => {
      const hostile = ownCommand(
        new URL("../adapters/rpc/hostile_adapter.ts", import.meta.url),
        "throws",
      );
      const keep = join(directory, "logs");
      const where = ["--paths", "pairs", "--where", "reader=bad", "--where", "writer=1.0"];
      const args = [
        "run",
        ...where,
        "--out",
        directory,
        "--keep",
        keep,
        "--adapter",
        "--",
        ...hostile,
      ];
      const { code } = await call(args, { product });
      assert.equal(code, 1);
      const [, condition] = lines(directory);
      const transcript = condition?.transcript as { event: string; detail: string }[];
      const log = transcript.find(({ event }) => event === "log");
      assert.equal(log?.detail, "rig-000001.log");
      const kept = (name: string) => readFileSync(join(keep, name), "utf8");
      assert.equal(kept("rig-000001.log"), "Traceback: boom in /home/somebody/toy.py\n");
      await call(
        [...args.slice(0, -hostile.length - 2), "--redact", ...args.slice(-hostile.length - 2)],
        {
          product,
        },
      );
      assert.equal(kept("rig-000001.log"), "Traceback: boom in /home/somebody/toy.py\n");
      assert.equal(kept("rig-000002.log"), "Traceback: boom in <path>/toy.py\n");
    });
  },
);

test(
  "what one adapter saves another one restores, where their formats are the same",
  OPTIONS,
  async () => {
    await inDirectory(async (directory) => {
      const path = join(directory, "freezethaw.config.json");
      const odd = ["--format", "odd"];
      const adapters = {
        a: { command: TOY },
        b: { command: TOY },
        c: { command: [...TOY, ...odd] },
      };
      writeFileSync(path, JSON.stringify({ adapters }));
      const args = ["run", "--paths", "pairs", "--out", directory, "--config", path];
      assert.equal((await call(args, { product })).code, 1);
      const [header, ...rest] = lines(directory);
      assert.equal(header?.implementation, "a+b+c");
      const verdicts = new Map(
        rest.flatMap(({ name, cells }) => {
          const [cell] =
            name === undefined ? [] : (cells as { verdict: string; reason?: string }[]);
          return [[String(name), `${cell?.verdict} ${cell?.reason ?? ""}`.trim()] as const];
        }),
      );
      assert.equal(verdicts.get("a+b+c@a-1.0>b-2.0"), "passed");
      assert.equal(verdicts.get("a+b+c@b-2.0>a-1.0"), "passed");
      assert.match(verdicts.get("a+b+c@a-1.0>b-3.0") ?? "", /^refused .*2.0 or later/);
      const lacks = "unsupported c-1.0 lacks the format toy-json, which a-1.0 has";
      assert.equal(verdicts.get("a+b+c@a-1.0>c-1.0"), lacks);
      assert.equal(verdicts.get("a+b+c@c-1.0>c-2.0"), "passed");
    });
  },
);

test(
  "a release that only writes, or only reads, is asked for nothing else; a codec is judged",
  OPTIONS,
  async () => {
    await inDirectory(async (directory) => {
      const half = [...TOY, "--half"];
      const args = ["run", "--paths", "pairs", "--out", directory, "--adapter", "--", ...half];
      assert.equal((await call(args, { product })).code, 1);
      const cells = new Map(
        lines(directory).flatMap(({ name, cells }) =>
          name === undefined
            ? []
            : (cells as { scenario: string; verdict: string; reason?: string }[]).map(
                ({ scenario, verdict, reason = "" }) =>
                  [`${scenario} ${name}`, `${verdict} ${reason}`.trim()] as const,
              ),
        ),
      );
      const sees = "any-machine/guest/sees-what-it-saw toy";
      assert.equal(cells.get(`${sees}@1.0>2.0`), "passed");
      assert.equal(cells.get(`${sees}@1.0>1.0`), "unsupported 1.0 lacks restore");
      const writes = "unsupported 1.0 lacks a state, as 2.0 cannot save";
      assert.equal(cells.get(`${sees}@2.0>1.0`), writes);
      const codec = "any-codec/state/comes-back-whole toy";
      assert.equal(cells.get(`${codec}@3.0>3.0`), "passed");
      assert.match(cells.get(`${codec}@3.0>2.0`) ?? "", /^unsupported 2.0 lacks codec/);
    });
  },
);
