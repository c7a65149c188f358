/**
 * `freezethaw doctor`: finds what is wrong with an adapter before it looks like the product's.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Command as Program } from "commander";
import { type Finding, isDefect } from "../doctor/chart.ts";
import { type Examination, examine } from "../doctor/doctor.ts";
import type { Place } from "../doctor/reach.ts";
import { integer } from "./choice.ts";
import { configurationAt } from "./configured.ts";
import { EXIT_ADAPTER, EXIT_OK, UsageError } from "./exit.ts";
import type { Json } from "./product.ts";
import type { Session } from "./session.ts";

interface DoctorOptions {
  readonly config?: string;
  readonly timeout?: number;
  readonly slow: number;
  readonly json?: true;
}

const TIMEOUT_MS = 10_000;
const TIMEOUT_MAX_MS = 600_000;

export function addDoctor(program: Program, session: Session<unknown>): void {
  program
    .command("doctor")
    .description("examine an adapter: what is wrong with it, and what to change?")
    .argument("[command...]", "behind --: how it is started, or where it is, as unix:PATH or URL")
    .option("--config <file>", "the configuration that names it")
    .option(
      "--timeout <ms>",
      "how long an answer may take; else as the configuration says, or 10000",
      milliseconds("--timeout"),
    )
    .option("--slow <ms>", "from when on a start is slow", milliseconds("--slow"), 2000)
    .option("--json", "print the findings as JSON")
    .action(async (words: readonly string[], options: DoctorOptions) => {
      session.exitCode = await run(words, options, session);
    });
}

function milliseconds(option: string) {
  return integer(option, 1, TIMEOUT_MAX_MS);
}

async function run(
  words: readonly string[],
  options: DoctorOptions,
  session: Session<unknown>,
): Promise<number> {
  const { timeoutMs, place } = await adapterOf(words, options);
  const patience = { timeoutMs: options.timeout ?? timeoutMs ?? TIMEOUT_MS, slowMs: options.slow };
  const { shell } = session;
  const tell = (text: string) => {
    if (shell.progress) shell.tell(`\r\u001b[K${text}`);
  };
  const examination = await examine(place, patience, (next) => tell(`Looking at ${next}`));
  tell("");
  const { findings } = examination.chart;
  if (options.json) await session.print(jsonOf(place, examination), true);
  else await session.shell.write(textOf(examination));
  return findings.some(isDefect) ? EXIT_ADAPTER : EXIT_OK;
}

/** The adapter, and how long the configuration gives it. */
async function adapterOf(
  words: readonly string[],
  { config }: DoctorOptions,
): Promise<{ readonly place: Place; readonly timeoutMs?: number }> {
  if (words.length > 0 && config !== undefined) {
    throw new UsageError("Cannot examine two adapters: give a command or --config");
  }
  if (words.length > 0) return { place: placeOf(words) };
  const found = await configurationAt(config);
  if (found === undefined) {
    throw new UsageError(
      "Cannot examine as an adapter must be named: freezethaw doctor -- COMMAND",
    );
  }
  const { adapter, timeoutMs } = found.configuration;
  if (adapter === undefined) {
    throw new UsageError("Cannot examine several adapters at once: name one behind --");
  }
  const place = targeted(adapter, found.folder);
  return timeoutMs === undefined ? { place } : { place, timeoutMs };
}

/** A command, a URL, or `unix:` and a path. */
function placeOf(words: readonly string[]): Place {
  const [first = ""] = words;
  if (/^https?:/.test(first)) return { url: first };
  if (first.startsWith("unix:")) return { socket: first.slice("unix:".length) };
  return { words, folder: "." };
}

function targeted(target: object, folder: string): Place {
  const { command, env = {}, socket, url } = target as Partial<AnyTarget>;
  if (command !== undefined) return { words: command, env, folder };
  if (socket !== undefined) return { socket: resolve(folder, socket) };
  return { url: url ?? "" };
}

/** Where an adapter may be. */
interface AnyTarget {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly socket: string;
  readonly url: string;
}

function jsonOf(place: Place, { chart, hello }: Examination): Json {
  return {
    ...("words" in place ? { command: place.words } : place),
    name: hello?.name ?? null,
    releases: hello?.releases ?? [],
    defects: chart.findings.filter(isDefect).length,
    findings: chart.findings.map((finding) => ({ ...finding })),
    notLookedAt: chart.notes,
  };
}

function textOf({ chart, hello }: Examination): string {
  const { findings, notes } = chart;
  const defects = findings.filter(isDefect).length;
  const advice = findings.length - defects;
  const who = hello === undefined ? "" : `${JSON.stringify(hello.name)}, ${hello.releases}: `;
  const lines = [
    ...findings.map(lineOf),
    ...notes.map((note) => `not looked at: ${note}`),
    `${who}${counted(defects, "defect")}, ${advice} advice`,
  ];
  return `${lines.join("\n")}\n`;
}

function lineOf({ severity, code, what, change }: Finding): string {
  return `${severity} ${code}: ${what}; ${change}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
