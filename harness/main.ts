#!/usr/bin/env -S node --max-semi-space-size=8
/**
 * The command `freezethaw`. A daemon that follows another one keeps clients waiting while it
 * starts, so `serve` loads what it needs itself and nothing else.
 *
 * @module
 */
import module from "node:module";

// What the runtime makes of the sources is kept for the next start, where the runtime can.
module.enableCompileCache?.();
const args = process.argv.slice(2);
process.exitCode = args[0] === "serve" ? await served() : await obeyed();

async function served(): Promise<number> {
  const { serveAlone } = await import("./serve.ts");
  return await serveAlone(args);
}

async function obeyed(): Promise<number> {
  const { runCommandLine } = await import("./cli/command_line.ts");
  const { processShell } = await import("./cli/shell.ts");
  const { product } = await import("./product.ts");
  return await runCommandLine(args, product, processShell());
}
