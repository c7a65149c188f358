/**
 * The command `serve`, packed: a runtime that reads it from one file has it in a third of the time
 * that it takes from a hundred. Only for a program that starts it again and again: packing takes as
 * long as one start.
 *
 * The file is made anew from the sources by each process that wants it, in a folder of its own, and
 * goes with the process: it can be neither old nor half written.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { bundle, folderOfProcess } from "./bundle.ts";

const SOURCE = fileURLToPath(new URL("./serve.ts", import.meta.url));
const [isDeno, isBun] = [process.versions.deno, process.versions.bun].map(
  (version) => version !== undefined,
) as [boolean, boolean];
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
  const folder = folderOfProcess();
  if ((await bundle(SOURCE, folder, "serve")) === undefined) return command;
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
