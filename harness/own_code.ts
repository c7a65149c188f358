/**
 * `freezethaw bench own` by itself: a process of 0.4 s has no time to load implementations.
 *
 * @module
 */
import { benches } from "./benches.ts";
import { addOwn } from "./cli/bench_own.ts";
import { runCommands } from "./cli/commands.ts";
import { Session } from "./cli/session.ts";
import { processShell } from "./cli/shell.ts";

export function ownCodeAlone(args: readonly string[]): Promise<number> {
  const session = new Session({ benches }, processShell());
  return runCommands(args, session, [(program) => addOwn(program.command("bench"), session)]);
}
