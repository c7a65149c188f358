import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { packed } from "../packed.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const RUN = "Deno" in globalThis ? ["run", "-A", MAIN] : [MAIN];
const COMMAND = [process.execPath, ...RUN, "serve", "xenstore"];
const isNode = !("Deno" in globalThis || "Bun" in globalThis);

test("packed() answers a command that says the same", { timeout: 60_000 }, async () => {
  const command = packed(COMMAND);
  const words = await command();
  assert.equal(await command(), words);
  assert.equal(words.includes(MAIN), !isNode);
  const said = ([program = "", ...args]: readonly string[]) =>
    spawnSync(program, [...args, "--socket", "/no/such/folder/socket", "--profile", "D"], {
      encoding: "utf8",
    });
  const [own, other] = [said(words), said(COMMAND)];
  assert.match(own.stderr, /^Cannot find profile "D"/);
  assert.deepEqual([own.status, own.stderr], [other.status, other.stderr]);
});

test("packed() leaves nothing behind", {
  timeout: 60_000,
  skip: !isNode && "nothing is packed",
}, () => {
  const program = `
    import { packed } from ${JSON.stringify(new URL("../packed.ts", import.meta.url).href)};
    console.log((await packed(["node", "main.ts", "serve"].with(0, process.execPath))())[1]);`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", program],
    { encoding: "utf8" },
  );
  assert.match(stdout, /main\.mjs\n$/, stderr);
  assert.equal(existsSync(dirname(stdout.trim())), false);
});
