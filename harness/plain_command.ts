/**
 * A command that is asked for in the plainest way, by itself: what parses all the ways in which
 * commands may be asked for takes longer to load than some of them to run.
 *
 * @module
 */
import { EXIT_HARNESS, EXIT_USAGE, OutputClosed, UsageError } from "./cli/exit.ts";
import type { Session } from "./cli/session.ts";

/** Words of `args` that are none of `flags`, and those flags; undefined when there are others. */
export function plainWords(
  args: readonly string[],
  flags: readonly string[],
): { readonly words: readonly string[]; readonly given: ReadonlySet<string> } | undefined {
  const given = new Set(args.filter((arg) => arg.startsWith("-")));
  for (const flag of given) if (!flags.includes(flag)) return undefined;
  return { words: args.filter((arg) => !arg.startsWith("-")), given };
}

/** Runs `act` and answers the exit code, as the whole command line does. */
export async function plainly(
  session: Session<unknown>,
  act: () => Promise<void>,
): Promise<number> {
  try {
    await act();
    return session.exitCode;
  } catch (error) {
    if (error instanceof OutputClosed) return session.exitCode;
    const isWrongUse = error instanceof UsageError;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    session.shell.tell(`${isWrongUse ? error.message : `The harness broke: ${text}`}\n`);
    return isWrongUse ? EXIT_USAGE : EXIT_HARNESS;
  }
}
