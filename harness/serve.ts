/**
 * `freezethaw serve` by itself: the models that can be daemons, and the one command for them.
 *
 * @module
 */
import { xenstore } from "./adapters/xenstore/mod.ts";
import { runCommands } from "./cli/commands.ts";
import { EXIT_OK } from "./cli/exit.ts";
import { addServe } from "./cli/serve.ts";
import { processShell } from "./cli/shell.ts";

export function serveAlone(args: readonly string[]): Promise<number> {
  const session = { shell: processShell(), exitCode: EXIT_OK };
  return runCommands(args, session, [(program) => addServe(program, { xenstore }, session)]);
}
