/**
 * How the adapters that tests and benches start are started.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The toy of this folder, run by the runtime that runs this. */
export function toyCommand(): string[] {
  return ownCommand(new URL("./toy_adapter.ts", import.meta.url));
}

/** A program, likewise. */
export function ownCommand(program: URL, ...args: readonly string[]): string[] {
  const path = fileURLToPath(program);
  const run = process.versions.deno === undefined ? [] : ["run", "-A", "--no-check"];
  return [process.execPath, ...run, path, ...args];
}

/** The toy in Python; undefined where there is none. */
export function pythonCommand(): string[] | undefined {
  const { status } = spawnSync("python3", ["-c", "import json"], { stdio: "ignore" });
  if (status !== 0) return undefined;
  return ["python3", fileURLToPath(new URL("toy_adapter.py", import.meta.url))];
}
