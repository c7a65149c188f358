/**
 * `freezethaw init` and `doctor` by themselves: they know no implementation and no format, which
 * take longer to load than these take to run.
 *
 * @module
 */
import { runCommands } from "./cli/commands.ts";
import { addDoctor } from "./cli/doctor.ts";
import { addInit } from "./cli/init.ts";
import { Session } from "./cli/session.ts";
import { processShell } from "./cli/shell.ts";

export function kitAlone(args: readonly string[]): Promise<number> {
  const session = new Session({}, processShell());
  return runCommands(args, session, [
    (program) => addInit(program, session),
    (program) => addDoctor(program, session),
  ]);
}
