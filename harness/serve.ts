/**
 * `freezethaw serve` by itself: the models that can be daemons, and the one command for them.
 *
 * @module
 */
import { runCommands } from "./cli/commands.ts";
import { EXIT_OK } from "./cli/exit.ts";
import { addServe } from "./cli/serve.ts";
import { processShell } from "./cli/shell.ts";
import { DAEMONS } from "./daemons.ts";

export function serveAlone(args: readonly string[]): Promise<number> {
  const session = { shell: processShell(), exitCode: EXIT_OK };
  return runCommands(args, session, [(program) => addServe(program, DAEMONS, session)]);
}
