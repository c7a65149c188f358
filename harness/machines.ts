/**
 * `freezethaw decode` and `diff` of the streams of machines by themselves, as they are called for
 * many streams one after the other and the rest of the command line takes longer to load than most
 * of them to read.
 *
 * @module
 */
import { decodeMachine } from "./cli/decode_machine.ts";
import { diffMachines } from "./cli/diff_machines.ts";
import { Session } from "./cli/session.ts";
import { processShell } from "./cli/shell.ts";
import { qemuStream } from "./machine_formats.ts";
import { plainly, plainWords } from "./plain_command.ts";

export async function machinesAlone(args: readonly string[]): Promise<number> {
  const session = new Session({ machines: { "qemu-stream": qemuStream } }, processShell());
  if (args[0] === "diff") {
    const plain = plainWords(args.slice(1), ["--json", "--ram"]);
    if (plain?.words.length === 2) {
      const options = { json: plain.given.has("--json"), ram: plain.given.has("--ram") };
      const files = plain.words as [string, string];
      return await plainly(session, () => diffMachines(files, options, session));
    }
  } else {
    const plain = plainWords(args.slice(2), ["--json", "--tree"]);
    if (plain !== undefined && plain.words.length < 2) {
      const options = {
        ...(plain.given.has("--json") ? { json: true as const } : {}),
        ...(plain.given.has("--tree") ? { tree: true as const } : {}),
      };
      return await plainly(session, () =>
        decodeMachine(qemuStream, plain.words[0], options, session),
      );
    }
  }
  const { machineCommands } = await import("./machine_commands.ts");
  return await machineCommands(args);
}
