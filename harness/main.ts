#!/usr/bin/env -S node --max-semi-space-size=8
/**
 * The command `freezethaw`. A daemon that follows another one keeps clients waiting while it
 * starts, and streams of machines are many; so `serve`, and `decode` and `diff` of such streams or
 * of what devices save, load what they need themselves and nothing else. So do the first commands
 * of somebody with an adapter.
 *
 * @module
 */
import module from "node:module";

// What the runtime makes of the sources is kept for the next start, where the runtime can.
module.enableCompileCache?.();
// Meant for this process; programs that it starts are to be as elsewhere.
delete process.env["MALLOC_ARENA_MAX"];
const args = process.argv.slice(2);
process.exitCode = await run();

async function run(): Promise<number> {
  if (args[0] === "serve" && args[1] !== "adapter") return await served();
  if (args[0] === "diff" && args[1] === "vmstate") return await described();
  if (isOfMachines(args)) return await decoded();
  if (isOfXenstored(args)) return await read();
  if (args[0] === "bench" && args[1] === "own") return await measured();
  if (args[0] === "init" || args[0] === "doctor") return await examined();
  if (args.length === 1 && isAbout(args[0])) return await told();
  return await obeyed();
}

/** Whether the stream of a machine is asked for, and neither help nor the version. */
function isOfMachines([command, first = "-"]: readonly string[]): boolean {
  if (first.startsWith("-") || args.some((arg) => /^(-h|--help|-V|--version)$/.test(arg))) {
    return false;
  }
  return command === "diff" || (command === "decode" && first === "qemu-stream");
}

async function described(): Promise<number> {
  const { vmstatesAlone } = await import("./vmstates.ts");
  return (await vmstatesAlone(args)) ?? (await obeyed());
}

async function decoded(): Promise<number> {
  const { machinesAlone } = await import("./machines.ts");
  return await machinesAlone(args);
}

async function served(): Promise<number> {
  const { serveAlone } = await import("./serve.ts");
  return await serveAlone(args);
}

/** Likewise the stream of a xenstore daemon. */
function isOfXenstored([command, first]: readonly string[]): boolean {
  const isMore = args.some((arg) => /^(-h|--help|-V|--version)$/.test(arg));
  return command === "decode" && first === "xenstore-stream" && !isMore;
}

async function read(): Promise<number> {
  const { streamsAlone } = await import("./streams.ts");
  return await streamsAlone(args);
}

async function examined(): Promise<number> {
  const { kitAlone } = await import("./kit.ts");
  return await kitAlone(args);
}

async function measured(): Promise<number> {
  const { ownCodeAlone } = await import("./own_code.ts");
  return await ownCodeAlone(args);
}

function isAbout(word: string | undefined): boolean {
  return word === "--version" || word === "-V";
}

async function told(): Promise<number> {
  const { versionOf } = await import("./version.ts");
  const { processShell } = await import("./cli/shell.ts");
  await processShell().write(`${versionOf("../package.json")}\n`);
  return 0;
}

async function obeyed(): Promise<number> {
  const { runCommandLine } = await import("./cli/command_line.ts");
  const { processShell } = await import("./cli/shell.ts");
  const { product } = await import("./product.ts");
  return await runCommandLine(args, product, processShell());
}
