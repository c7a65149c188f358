/**
 * `freezethaw diff vmstate` by itself, as the rest of the command line takes longer to load than
 * two texts to compare. What is not asked for in the plainest way is left to the rest.
 *
 * @module
 */
import { diffDescriptions } from "./cli/diff_descriptions.ts";
import { Session } from "./cli/session.ts";
import { processShell } from "./cli/shell.ts";
import { plainly, plainWords } from "./plain_command.ts";
import { qemuVmstate } from "./vmstate_format.ts";

/** The exit code; undefined when `args` say more than two names, `--json` and `--all`. */
export async function vmstatesAlone(args: readonly string[]): Promise<number | undefined> {
  const plain = plainWords(args.slice(2), ["--json", "--all"]);
  if (plain?.words.length !== 2) return undefined;
  const { words, given } = plain;
  const session = new Session({}, processShell());
  const options = {
    ...(given.has("--json") ? { json: true as const } : {}),
    ...(given.has("--all") ? { all: true as const } : {}),
  };
  return await plainly(session, () =>
    diffDescriptions(qemuVmstate, words as [string, string], options, session),
  );
}
