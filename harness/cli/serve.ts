/**
 * `freezethaw serve`: runs a model as a daemon, for clients that we did not write.
 *
 * @module
 */
import type { Command } from "commander";
import type { Daemon, DaemonOption, Daemons, Serving } from "./daemon.ts";
import { EXIT_OK, UsageError } from "./exit.ts";
import { readAll } from "./input.ts";
import { demandName } from "./nearest.ts";
import type { Shell } from "./shell.ts";

interface ServeOptions {
  readonly socket: string;
  readonly profile?: string;
  readonly rings?: string;
  readonly restore?: string;
  readonly inherit?: true;
  readonly port?: string;
  readonly switch?: string;
  readonly database?: string;
  readonly clock?: string;
  readonly successor?: readonly string[];
}

interface Outside {
  readonly shell: Shell;
  exitCode: number;
}

const PORT_MAX = 65_535;

export function addServe(program: Command, daemons: Daemons, session: Outside): void {
  program
    .command("serve")
    .description("run a model as a daemon, until it is interrupted")
    .argument("<what>", `one of ${Object.keys(daemons).join(", ")}`)
    .requiredOption("--socket <path>", "Unix socket to listen at")
    .option("--profile <name>", "implementation to behave like; see the README")
    .option(
      "--rings <folder>",
      "xenstore: folder of the shared rings of domains and of their events",
    )
    .option("--restore <file>", "xenstore: begin with the state of a predecessor")
    .option("--inherit", "xenstore: the predecessor was this process: its descriptors are open")
    .option("--port <number>", "xenopsd: port at the loopback interface to listen at, too")
    .option("--switch <path>", "xenopsd: socket of a message switch to serve behind, too")
    .option("--database <folder>", "xenopsd: what outlives the process")
    .option("--clock <real|virtual>", "xenopsd: a virtual one jumps when nothing happens")
    .argument("[arguments...]", "xenstore, behind --: arguments of the program that succeeds")
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
  const load = daemons[demandName("daemon", what, Object.keys(daemons))];
  const daemon = await (load as Daemons[string])();
  const { socket, inherit = false, restore } = options;
  const [usual = ""] = daemon.profiles;
  const profile = demandName("profile", options.profile ?? usual, daemon.profiles);
  const given = givenOf(what, daemon, options);
  const state = restore === undefined ? {} : { state: await readAll(shell, restore) };
  let running: Serving;
  try {
    running = await daemon.serve({
      socket,
      profile,
      inherit,
      now: () => performance.now() / 1000,
      instanceId: crypto.randomUUID(),
      ...given,
      ...state,
    });
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

/** The options that are given, of those that the daemon has. */
function givenOf(what: string, daemon: Daemon, options: ServeOptions) {
  const { rings, successor, switch: path, database, clock = "real", port } = options;
  const names: readonly DaemonOption[] = [
    "rings",
    "restore",
    "inherit",
    "port",
    "switch",
    "database",
    "clock",
  ];
  const foreign = names.find((it) => options[it] !== undefined && !daemon.options.includes(it));
  if (foreign !== undefined) throw new UsageError(`Cannot serve ${what} with --${foreign}`);
  if (clock !== "real" && clock !== "virtual") {
    throw new UsageError(`Cannot take --clock as real or virtual: current value is ${clock}`);
  }
  return {
    ...(rings === undefined ? {} : { rings }),
    ...(successor === undefined ? {} : { successor }),
    ...(path === undefined ? {} : { switch: path }),
    ...(database === undefined ? {} : { database }),
    ...(port === undefined ? {} : { port: portOf(port) }),
    ...(clock === "virtual" ? {} : { wallMs: () => Date.now() }),
  };
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 1 && port <= PORT_MAX) return port;
  throw new UsageError(`Cannot take --port as a port: current value is ${text}`);
}
