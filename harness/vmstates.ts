/**
 * `freezethaw diff vmstate` by itself, as the rest of the command line takes longer to load than
 * two texts to compare. What is not asked for in the plainest way is left to the rest.
 *
 * @module
 */
import { type DescriptionOptions, diffDescriptions } from "./cli/diff_descriptions.ts";
import { EXIT_HARNESS, EXIT_USAGE, OutputClosed, UsageError } from "./cli/exit.ts";
import { Session } from "./cli/session.ts";
import { processShell } from "./cli/shell.ts";
import { qemuVmstate } from "./vmstate_format.ts";

/** The exit code; undefined when `args` say more than two names, `--json` and `--all`. */
export async function vmstatesAlone(args: readonly string[]): Promise<number | undefined> {
  const options = optionsOf(args);
  const [a, b, ...others] = args.slice(2).filter((arg) => !arg.startsWith("-"));
  if (options === undefined || a === undefined || b === undefined || others.length > 0) {
    return undefined;
  }
  const session = new Session({}, processShell());
  try {
    await diffDescriptions(qemuVmstate, [a, b], options, session);
    return session.exitCode;
  } catch (error) {
    if (error instanceof OutputClosed) return session.exitCode;
    const isWrongUse = error instanceof UsageError;
    session.shell.tell(`${isWrongUse ? error.message : `The harness broke: ${String(error)}`}\n`);
    return isWrongUse ? EXIT_USAGE : EXIT_HARNESS;
  }
}

function optionsOf(args: readonly string[]): DescriptionOptions | undefined {
  const given = args.filter((arg) => arg.startsWith("-"));
  if (given.some((arg) => arg !== "--json" && arg !== "--all")) return undefined;
  return {
    ...(given.includes("--json") ? { json: true } : {}),
    ...(given.includes("--all") ? { all: true } : {}),
  };
}
