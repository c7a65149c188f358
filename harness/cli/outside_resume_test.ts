import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { toyCommand } from "../adapters/rpc/paths.ts";
import { product } from "../product.ts";
import { call, inDirectory } from "./called.ts";

const TOY = toyCommand();
const OPTIONS = { timeout: 60_000 };

test("run --resume goes on with a program to the bytes of a run in one go", OPTIONS, async () => {
  await inDirectory(async (directory) => {
    const at = (name: string) => join(directory, name);
    const run = (out: string, ...args: string[]) => {
      return ["run", "--paths", "pairs", "--out", at(out), ...args, "--adapter", "--", ...TOY];
    };
    const whole = await call(run("whole"), { product });
    const stopped = await call(run("part"), { product, interrupt: true });
    assert.equal(stopped.code, 130);
    assert.match(stopped.err, /^Interrupted after 1 of 9 conditions, .*--resume/);
    const other = ["run", "--paths", "pairs", "--out", at("part"), "--resume", "--adapter", "--"];
    const wrong = await call([...other, ...TOY, "--half"], { product });
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /^Cannot resume the run in .* must be the same/);
    const resumed = await call(run("part", "--resume"), { product });
    assert.equal(resumed.code, whole.code);
    const bytes = (name: string) => readFileSync(join(at(name), "run.ndjson"), "utf8");
    assert.equal(bytes("part"), bytes("whole"));
  });
});
