/**
 * `freezethaw serve`: runs a model as a daemon, for clients that we did not write.
 *
 * @module
 */
import type { Command } from "commander";
import type { Daemon, Serving } from "./daemon.ts";
import { EXIT_OK, UsageError } from "./exit.ts";
import { readAll } from "./input.ts";
import { demandName } from "./nearest.ts";
import type { Shell } from "./shell.ts";

interface ServeOptions {
  readonly socket: string;
  readonly profile: string;
  readonly rings?: string;
  readonly restore?: string;
  readonly inherit?: true;
  readonly successor?: readonly string[];
}

type Daemons = Readonly<Record<string, Daemon>>;

interface Outside {
  readonly shell: Shell;
  exitCode: number;
}

export function addServe(program: Command, daemons: Daemons, session: Outside): void {
  program
    .command("serve")
    .description("run a model as a daemon, until it is interrupted")
    .argument("<what>", `one of ${Object.keys(daemons).join(", ")}`)
    .requiredOption("--socket <path>", "Unix socket to listen at")
    .option("--profile <name>", "implementation to behave like", "c")
    .option("--rings <folder>", "folder of the shared rings of domains and of their events")
    .option("--restore <file>", "begin with the state of a predecessor")
    .option("--inherit", "the predecessor was this process: its descriptors are open")
    .argument("[arguments...]", "behind --: arguments of the program that succeeds")
    .action(async (what: string, successor: readonly string[], options: ServeOptions) => {
      const all = successor.length === 0 ? options : { ...options, successor };
      session.exitCode = await serve(what, all, daemons, session.shell);
    });
}

async function serve(
  what: string,
  options: ServeOptions,
  daemons: Daemons,
  shell: Shell,
): Promise<number> {
  const daemon = daemons[demandName("daemon", what, Object.keys(daemons))] as Daemon;
  const profile = demandName("profile", options.profile, daemon.profiles);
  const { restore, rings, socket, successor, inherit = false } = options;
  const state = restore === undefined ? {} : { state: await readAll(shell, restore) };
  const now = () => performance.now() / 1000;
  let running: Serving;
  try {
    const given = {
      ...(rings === undefined ? {} : { rings }),
      ...(successor === undefined ? {} : { successor }),
    };
    running = await daemon.serve({ socket, profile, inherit, now, ...given, ...state });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  shell.tell(`Serving ${what} as ${profile} at ${socket}\n`);
  const interrupted = new Promise<undefined>((resolve) => {
    shell.onInterrupt(() => resolve(undefined));
  });
  const code = await Promise.race([interrupted, running.ended]);
  await running.stop();
  return code ?? EXIT_OK;
}
