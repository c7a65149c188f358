import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { packed } from "../packed.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const RUN = "Deno" in globalThis ? ["run", "-A", MAIN] : [MAIN];
const COMMAND = [process.execPath, ...RUN, "serve", "xenstore"];
const isBun = "Bun" in globalThis;

test("packed() answers a command that says the same", { timeout: 60_000 }, async () => {
  const command = packed(COMMAND);
  const words = await command();
  assert.equal(await command(), words);
  assert.equal(words.includes(MAIN), isBun);
  const said = ([program = "", ...args]: readonly string[]) =>
    spawnSync(program, [...args, "--socket", "/no/such/folder/socket", "--profile", "D"], {
      encoding: "utf8",
    });
  const [own, other] = [said(words), said(COMMAND)];
  assert.match(own.stderr, /^Cannot find profile "D"/);
  assert.deepEqual([own.status, own.stderr], [other.status, other.stderr]);
  // Deno has no end of the process in its tests.
  const main = words.find((word) => word.endsWith("main.mjs"));
  if (main !== undefined) rmSync(dirname(main), { recursive: true, force: true });
});

test("packed() leaves nothing behind", {
  timeout: 60_000,
  skip: isBun && "nothing is packed",
}, () => {
  const source = new URL("../packed.ts", import.meta.url).href;
  const program = `const { packed } = await import(${JSON.stringify(source)});
    console.log((await packed(${JSON.stringify(COMMAND)})()).join("\\n"));`;
  const args = "Deno" in globalThis ? ["eval"] : ["--input-type=module", "--eval"];
  // Deno looks for packages from here on.
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, [...args, program], {
    encoding: "utf8",
    cwd,
  });
  const main = stdout.split("\n").find((word) => word.endsWith("main.mjs")) ?? "";
  assert.notEqual(main, "", stderr);
  assert.equal(existsSync(dirname(main)), false);
});
