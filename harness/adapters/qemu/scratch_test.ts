import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";

const LIMIT = { timeout: 20_000, skip: process.platform === "win32" ? "no sh" : false };

/** How this runtime runs a module that it is told. */
const EVALUATE =
  "Deno" in globalThis ? ["eval"] : "Bun" in globalThis ? ["-e"] : ["--input-type=module", "-e"];

/** Ways to end, as programs, when there are two folders with something in them. */
const ENDS = {
  "by itself": "",
  "by an error": "throw new Error('mine')",
  "by an interrupt": "process.kill(process.pid, 'SIGINT'); setInterval(() => {}, 1000);",
  "by force": "process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);",
};

for (const [how, end] of Object.entries(ENDS)) {
  test(`scratchFolder() makes folders that go with a process that ends ${how}`, LIMIT, async () => {
    const folder = mkdtempSync(join(tmpdir(), "freezethaw-scratch-"));
    try {
      const module = JSON.stringify(new URL("./scratch.ts", import.meta.url).href);
      const source = `
        const { scratchFolder } = await import(${module});
        const { existsSync, writeFileSync } = await import("node:fs");
        for (const name of ["one", "two"]) {
          const path = scratchFolder(name);
          writeFileSync(path + "/file", "x");
          console.log(existsSync(path + "/file") + " " + path);
        }
        ${end}`;
      const env = { ...process.env, TMPDIR: folder };
      const child = spawn(process.execPath, [...EVALUATE, source], { env });
      const said = text(child.stdout);
      // Whoever removes them holds standard error for as long.
      await Promise.all([
        text(child.stderr),
        new Promise((resolve) => child.once("exit", resolve)),
      ]);
      const lines = (await said).trim().split("\n");
      assert.equal(lines.length, 2);
      for (const line of lines) {
        assert.ok(line.startsWith(`true ${folder}`), line);
        assert.ok(!existsSync(line.slice("true ".length)));
      }
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.startsWith("freezethaw-")),
        [],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
