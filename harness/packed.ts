/**
 * The command `serve`, packed: a runtime that reads it from one file has it in a third of the time
 * that it takes from a hundred. Only for a program that starts it again and again: packing takes as
 * long as one start.
 *
 * The file is made anew from the sources by each process that wants it, in a folder of its own, and
 * goes with the process: it can be neither old nor half written. What the sources say of their own
 * place, `import.meta.url`, is not true in it.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const SOURCE = fileURLToPath(new URL("./serve.ts", import.meta.url));
const [isDeno, isBun] = [process.versions.deno, process.versions.bun].map(
  (version) => version !== undefined,
) as [boolean, boolean];
/** Modules of npm that are not ECMAScript look for this. */
const REQUIRE = 'import { createRequire } from "node:module"; const require = createRequire("/");';

/**
 * Packs what `command` runs, once. Answers `command` itself where there is nothing to pack with,
 * and on Bun, which no process can be updated into.
 */
export function packed(command: readonly string[]): () => Promise<readonly string[]> {
  let packing: Promise<readonly string[]> | undefined;
  return () => {
    packing ??= isBun ? Promise.resolve(command) : pack(command);
    return packing;
  };
}

async function pack(command: readonly string[]): Promise<readonly string[]> {
  const esbuild = await import("esbuild").catch(() => undefined);
  if (esbuild === undefined) return command;
  const folder = mkdtempSync(join(tmpdir(), "freezethaw-serve-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  await esbuild.build({
    entryPoints: [SOURCE],
    outfile: join(folder, "serve.mjs"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "esnext",
    banner: { js: REQUIRE },
    logLevel: "silent",
  });
  const main = join(folder, "main.mjs");
  writeFileSync(main, mainOf(join(folder, "compiled")));
  const at = command.indexOf("serve");
  // The file needs none of the flags of Node.
  const runtime = command.slice(0, isDeno ? at - 1 : 1);
  const words = [...runtime, main, ...command.slice(at)];
  // The first start leaves what the runtime has compiled for those that are killed.
  await promisify(execFile)(process.execPath, [...words.slice(1), "--help"]);
  return words;
}

function mainOf(cache: string): string {
  return `import module from "node:module";
module.enableCompileCache?.(${JSON.stringify(cache)});
const { serveAlone } = await import("./serve.mjs");
process.exitCode = await serveAlone(process.argv.slice(2));
`;
}
