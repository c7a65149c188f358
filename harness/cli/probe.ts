/**
 * `freezethaw probe`: asks a model and real daemons the same, and tells where they differ.
 *
 * @module
 */
import type { Command } from "commander";
import type { ProbeState } from "../probe_state.ts";
import { integer } from "./choice.ts";
import { EXIT_FINDING, EXIT_INTERRUPTED, EXIT_OK, UsageError } from "./exit.ts";
import { demandName } from "./nearest.ts";
import { differenceLines, probeLines } from "./probe_text.ts";
import type { Json, Probe, Product } from "./product.ts";
import type { Session } from "./session.ts";

type Load = Product["probes"][string];

interface ProbeOptions {
  readonly daemon?: string;
  readonly requests: number;
  readonly seed: number;
  readonly replay?: string;
  readonly json?: true;
}

export function addProbe(program: Command, session: Session): void {
  const { probes } = session.product;
  program
    .command("probe")
    .description("ask a model and real daemons the same random requests, and compare")
    .argument("<what>", `one of ${Object.keys(probes).join(", ")}`)
    .option("--daemon <name>", "one daemon; otherwise all that are there")
    .option(
      "--requests <count>",
      "requests for each daemon",
      integer("--requests", 1, 1e9),
      100_000,
    )
    .option("--seed <number>", "draws other sequences", integer("--seed", 0, 0xffffffff), 1)
    .option("--replay <token>", "only the sequence of a difference")
    .option("--json", "print what was found as JSON")
    .action(async (what: string, options: ProbeOptions) => {
      const probe = await (probes[demandName("probe", what, Object.keys(probes))] as Load)();
      if (options.replay === undefined) await probeAll(probe, what, options, session);
      else await replay(probe, options.replay, options, session);
    });
}

async function probeAll(
  probe: Probe,
  what: string,
  options: ProbeOptions,
  session: Session,
): Promise<void> {
  const { shell } = session;
  const all: Json[] = [];
  let stopped = false;
  using _ = shell.onInterrupt(() => {
    stopped = true;
  });
  for (const daemon of chosen(probe, options, session)) {
    if (stopped) break;
    const state = await lastState(probe, daemon, options, session, () => stopped);
    all.push({ daemon, seed: options.seed, ...state } as unknown as Json);
    if (isFinding(state)) session.exitCode = EXIT_FINDING;
    if (options.json) continue;
    await shell.write(`${[...probeLines(daemon, what, state)].join("\n")}\n`);
  }
  if (stopped) session.exitCode = EXIT_INTERRUPTED;
  if (options.json) await session.print(all, true);
}

function chosen(probe: Probe, { daemon }: ProbeOptions, { shell }: Session): string[] {
  const names =
    daemon === undefined ? probe.daemons : [demandName("daemon", daemon, probe.daemons)];
  const missing = new Map<string, string>();
  for (const name of names) {
    const reason = probe.unavailable(name);
    if (reason !== undefined) missing.set(name, reason);
  }
  const reasons = [...missing].map(([name, reason]) => `Cannot probe ${name}: ${reason}`);
  if (missing.size === names.length) throw new UsageError(reasons.join("; "));
  for (const reason of reasons) shell.tell(`${reason}\n`);
  return names.filter((name) => !missing.has(name));
}

/** What was found when all requests were made, or when somebody had seen enough. */
async function lastState(
  probe: Probe,
  daemon: string,
  { requests, seed }: ProbeOptions,
  { shell }: Session,
  isStopped: () => boolean,
): Promise<ProbeState> {
  let last: ProbeState = { requests: 0, sequences: 0, shown: [], stale: [] };
  for await (const state of probe.run(daemon, requests, seed)) {
    last = state;
    if (shell.progress) {
      const unknown = state.shown.filter(({ known }) => known === null).length;
      const counts = `${state.requests}/${requests} requests, ${unknown} unexplained differences`;
      shell.tell(`\r\u001b[K${daemon}: ${counts}`);
    }
    if (isStopped()) break;
  }
  if (shell.progress) shell.tell("\r\u001b[K");
  return last;
}

function isFinding({ shown, stale }: ProbeState): boolean {
  return stale.length > 0 || shown.some(({ known }) => known === null);
}

async function replay(
  probe: Probe,
  token: string,
  { json }: ProbeOptions,
  session: Session,
): Promise<void> {
  let result: Awaited<ReturnType<Probe["replay"]>>;
  try {
    result = await probe.replay(token);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
  const { daemon, shown } = result;
  session.exitCode = shown?.known === null ? EXIT_FINDING : EXIT_OK;
  if (json) return await session.print({ daemon, shown: shown ?? null } as unknown as Json, true);
  const lines =
    shown === undefined ? [`${daemon}: both answer the same`] : [daemon, ...differenceLines(shown)];
  await session.shell.write(`${lines.join("\n")}\n`);
}
