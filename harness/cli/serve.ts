/**
 * `freezethaw serve`: runs a model as a daemon, for clients that we did not write.
 *
 * @module
 */
import type { Command } from "commander";
import { UsageError } from "./exit.ts";
import { readAll } from "./input.ts";
import { demandName } from "./nearest.ts";
import type { Daemon } from "./product.ts";
import type { Shell } from "./shell.ts";

interface ServeOptions {
  readonly socket: string;
  readonly profile: string;
  readonly restore?: string;
  readonly inherit?: true;
}

type Daemons = Readonly<Record<string, Daemon>>;

export function addServe(program: Command, daemons: Daemons, shell: Shell): void {
  program
    .command("serve")
    .description("run a model as a daemon, until it is interrupted")
    .argument("<what>", `one of ${Object.keys(daemons).join(", ")}`)
    .requiredOption("--socket <path>", "Unix socket to listen at")
    .option("--profile <name>", "implementation to behave like", "c")
    .option("--restore <file>", "begin with the state of a predecessor")
    .option("--inherit", "the predecessor was this process: its descriptors are open")
    .action((what: string, options: ServeOptions) => serve(what, options, daemons, shell));
}

async function serve(
  what: string,
  options: ServeOptions,
  daemons: Daemons,
  shell: Shell,
): Promise<void> {
  const daemon = daemons[demandName("daemon", what, Object.keys(daemons))] as Daemon;
  const profile = demandName("profile", options.profile, daemon.profiles);
  const { restore, socket, inherit = false } = options;
  const state = restore === undefined ? {} : { state: await readAll(shell, restore) };
  const now = () => performance.now() / 1000;
  let running: { stop(): Promise<void> };
  try {
    running = await daemon.serve({ socket, profile, inherit, now, ...state });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  shell.tell(`Serving ${what} as ${profile} at ${socket}\n`);
  await new Promise<void>((resolve) => void shell.onInterrupt(resolve));
  await running.stop();
}
