import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { call, inDirectory, type Outside } from "./called.ts";
import { counterProduct, TOO_OLD } from "./counter_product.ts";
import type { Fetcher, Product } from "./product.ts";

const SICK = fileURLToPath(new URL("../doctor/sick.js", import.meta.url));
const ADAPTER = [process.execPath, ...("Deno" in globalThis ? ["run", "-A"] : []), SICK];

/** The counter, with a part that is broken. */
function broken(part: Partial<Product>): Outside {
  return { product: { ...counterProduct(), ...part } };
}

const boom = () => assert.fail("boom");
const STALE = { ...TOO_OLD, name: "never", factors: { writer: "3", reader: "1" } };
const OVER = { ...TOO_OLD, expires: "2020-01-01" };
const SURPRISED: Outside = { product: counterProduct([]) };
const LYING: Outside = { product: counterProduct([], "lies-when-restored") };
const MUTE: Outside = { product: counterProduct([], "throws-when-asked") };

function fetching(fetcher: Fetcher): Outside {
  return broken({ fetchers: { program: fetcher } });
}

async function* fetched(there: boolean) {
  yield await Promise.resolve({ name: "a", text: "a 1.0", there });
}

/** `OUT` is a directory of its own, `WHOLE` and `BAD` are reports of runs. */
const TABLE: readonly (readonly [number, string, Outside?])[] = [
  [0, "run --out OUT"],
  [1, "run --out OUT", SURPRISED],
  [1, "run --out OUT", { product: counterProduct([TOO_OLD, STALE]) }],
  [1, "run --out OUT --fail-fast", SURPRISED],
  [1, "run --out OUT --retries 1", SURPRISED],
  [2, "run no-such/scenario --out OUT"],
  [2, "run --seed x"],
  [2, "run --out BAD"],
  [3, "run --out OUT", broken({ reporters: { ...counterProduct().reporters, html: boom } })],
  [4, "run --out OUT", LYING],
  [4, "run --out OUT", MUTE],
  // Nothing that could go wrong was asked.
  [5, "run counter/names/are-kept --where writer=1 --paths pairs --out OUT"],
  [0, "run --shard 999/999 --out OUT"],
  [130, "run --out OUT", { interrupt: true }],
  [2, "run --replay ft1_none"],
  [0, "list releases"],
  [2, "list nonsense"],
  [0, "decode text --release 1 --message Count", { input: "1" }],
  [1, "decode text --release 1 --message Count", { input: "x" }],
  [2, "decode text --release 9", { input: "1" }],
  [3, "decode text --release 1", broken({ formats: { text: { ...format(), decodeState: boom } } })],
  [0, "encode text --release 1 --message Count", { input: '{"count":1}' }],
  [1, "encode text --release 1 --message Count", { input: "{}" }],
  [2, "encode text --release 1"],
  [0, "recode text", { input: '{"release":"1","message":"Count","hex":"31"}\n' }],
  [2, "recode text", { input: "{\n" }],
  [0, "diff --from 1 --to 2"],
  [2, "diff --from 1 --to 9"],
  [3, "diff --from 1 --to 2", broken({ schemas: { ...counterProduct().schemas, diff: boom } })],
  [0, "explain Count"],
  [2, "explain Nothing"],
  [0, "report --from WHOLE"],
  [0, "report --from BAD/run.ndjson"],
  [2, "report --from OUT/none"],
  [2, "report --from FILE"],
  [3, "report --from WHOLE", broken({ reporters: { terminal: boom } })],
  [0, "merge WHOLE --out OUT"],
  [1, "merge BAD/run.ndjson --out OUT", SURPRISED],
  [2, "merge OUT/none --out OUT"],
  [2, "merge --out OUT"],
  [4, "merge LIED/run.ndjson --out OUT"],
  [5, "merge SHARD/run.ndjson --out OUT"],
  [5, "merge TORN/run.ndjson --out OUT"],
  [0, "record --out OUT"],
  [2, "record --implementation none --out OUT"],
  [0, "fetch program", fetching(() => fetched(true))],
  [1, "fetch program", fetching(() => fetched(false))],
  [2, "fetch nothing", fetching(() => fetched(true))],
  [3, "fetch program", fetching(boom)],
  [2, "soak counter --release 1"],
  [2, "probe nothing"],
  [2, "serve nothing --socket OUT/s"],
  [0, `doctor --timeout 100000 --slow 100000 -- ${ADAPTER.join(" ")} healthy`],
  [4, "doctor -- ./no-such-adapter"],
  [2, "doctor"],
  [0, "--version"],
  [0, "run --help"],
  [2, ""],
  [2, "no-such-command"],
];

function format() {
  return counterProduct().formats.text ?? boom();
}

test("every command says by its exit code what came out", { timeout: 120_000 }, () =>
  inDirectory(async (directory) => {
    const places: Readonly<Record<string, string>> = Object.fromEntries(
      ["OUT", "BAD", "LIED", "SHARD", "TORN"].map((name) => [name, join(directory, name)]),
    );
    const at = (name: string) => places[name] ?? assert.fail(name);
    await call(["run", "--out", join(directory, "whole")]);
    await call(["run", "--out", at("BAD")], SURPRISED);
    await call(["run", "--out", at("LIED")], LYING);
    await call(["run", "--shard", "1/2", "--out", at("SHARD")]);
    await call(["run", "--out", at("TORN")], { interrupt: true });
    const file = join(directory, "file");
    writeFileSync(file, "{}\n");
    const words = { ...places, WHOLE: join(directory, "whole", "run.ndjson"), FILE: file };
    for (const [code, text, outside = {}] of TABLE) {
      const args = text.split(" ").map((word) => {
        const [first = "", ...rest] = word.split("/");
        const known = (words as Readonly<Record<string, string>>)[first];
        return known === undefined ? word : join(known, ...rest);
      });
      // A file is no directory for reports.
      const asked = code === 2 && text === "run --out BAD" ? ["run", "--out", file] : args;
      const answer = await call(text === "" ? [] : asked, outside);
      assert.equal(answer.code, code, `${text}: ${answer.err}${answer.out}`);
    }
  }),
);

test("an expectation that is over is a finding", () =>
  inDirectory(async (out) => {
    const product = counterProduct([OVER]);
    assert.equal((await call(["run", "--out", out, "--today", "2019-12-31"], { product })).code, 0);
    assert.equal((await call(["run", "--out", out, "--today", "2020-01-02"], { product })).code, 1);
  }));

test("every command calls an unknown option wrong use", async () => {
  const { out } = await call(["--help"]);
  const names = [...out.matchAll(/^ {2}([a-z-]+) (?:\[|<)/gm)].map(([, name = ""]) => name);
  assert.ok(names.length > 10, out);
  for (const name of names) {
    const { code, err } = await call([name, "--no-such-option-at-all"]);
    assert.equal(code, 2, `${name}: ${err}`);
    assert.equal(err.split("\n").length, 2, `${name} says it in one line`);
  }
});
