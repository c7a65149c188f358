/**
 * A process that serves an embedded implementation, for tests.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { ownCommand } from "./paths.ts";

/** The program that serves. */
export const MAIN = new URL("../../main.ts", import.meta.url);

/** Serves `name` at a place that options say; ends with its scope. */
export async function servedAt(name: string, ...place: readonly string[]) {
  const [program = "", ...args] = ownCommand(MAIN, "serve", "adapter", name, ...place);
  const child: ChildProcess = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  const address = await new Promise<string>((resolve, reject) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const [, found] = /^Serving \S+ at (\S+)\n/m.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once("exit", () => reject(new Error(text)));
  });
  return {
    /** As it says itself. */
    address,
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
    },
  };
}
