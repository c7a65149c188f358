/**
 * What a release says of the states of its devices, without a machine that runs: the text that its
 * option `-dump-vmstate` writes.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { installed, type Program } from "./installation.ts";
import { RELEASES } from "./releases.ts";
import { scratchFolder } from "./scratch.ts";

/** A QEMU takes 30 to 100 ms. */
const DESCRIBE_MS = 20_000;

/** A release that is not there, or says nothing. One line. */
export class DescribeError extends Error {
  override readonly name = "DescribeError";
}

/** The text of the release called `name`, asked with `machine`. */
export async function describe(name: string, machine: string): Promise<Uint8Array> {
  const release = RELEASES.find((one) => one.name === name);
  const program = release === undefined ? "no such release" : installed(release);
  if (typeof program === "string") {
    throw new DescribeError(`Cannot describe devices of QEMU ${name}: ${program}`);
  }
  const folder = scratchFolder("vmstate");
  try {
    const path = join(folder, "vmstate.json");
    const failure = await run(program, ["-machine", machine, "-dump-vmstate", path]);
    const text = failure === undefined ? readFileSync(path) : Buffer.alloc(0);
    // Some releases end well and have written nothing.
    if (text.length > 0) return text;
    const reason = failure ?? "it wrote nothing";
    throw new DescribeError(`Cannot describe devices of QEMU ${name} as ${machine}: ${reason}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the program to its end; what went wrong, in one line. */
function run(program: Program, args: readonly string[]): Promise<string | undefined> {
  const all = [...program.args, "-nodefaults", "-display", "none", ...args];
  const options = {
    env: { ...process.env, ...program.env },
    timeout: DESCRIBE_MS,
    killSignal: "SIGKILL",
  } as const;
  return new Promise((resolve) => {
    execFile(program.command, all, options, (error, _out, said) => {
      const lines = said.split("\n").filter((line) => line.trim() !== "");
      if (error === null) resolve(undefined);
      else if (error.killed) resolve(`it did not end in ${DESCRIBE_MS / 1000} seconds`);
      else resolve(lines.at(-1) ?? `it ended with ${error.signal ?? error.code}`);
    });
  });
}
