/**
 * `freezethaw decode` and `diff` of the streams of machines, with all their options.
 *
 * @module
 */
import { runCommands } from "./cli/commands.ts";
import { addDecode } from "./cli/decode.ts";
import { addDiff } from "./cli/diff.ts";
import { Session } from "./cli/session.ts";
import { processShell } from "./cli/shell.ts";
import { qemuStream } from "./machine_formats.ts";

/** What the two commands need, when they are not asked for anything else. */
const product = {
  machines: { "qemu-stream": qemuStream },
  descriptions: {},
  formats: {},
  streams: {},
  schemas: { releases: [], messages: [], diff: nothing, explain: nothing },
};

function nothing() {
  return { json: null, lines: [] };
}

export function machineCommands(args: readonly string[]): Promise<number> {
  const session = new Session(product, processShell());
  return runCommands(args, session, [
    (program) => addDecode(program, session),
    (program) => addDiff(program, session),
  ]);
}
