/**
 * `freezethaw decode` of a stream of xenstored by itself: the rest of the command line takes longer
 * to load than most of them to read.
 *
 * @module
 */
import { runCommands } from "./cli/commands.ts";
import { addDecode } from "./cli/decode.ts";
import { Session } from "./cli/session.ts";
import { processShell } from "./cli/shell.ts";
import { xenstoreStream } from "./stream_formats.ts";

/** What the command needs, when it is not asked for anything else. */
const product = { machines: {}, formats: {}, streams: { "xenstore-stream": xenstoreStream } };

export function streamsAlone(args: readonly string[]): Promise<number> {
  const session = new Session(product, processShell());
  return runCommands(args, session, [(program) => addDecode(program, session)]);
}
