/**
 * Commands as one program: which of them `args` name, and what an error means.
 *
 * @module
 */
import { Command, CommanderError } from "commander";
import { ClockError } from "../bench/clock_error.ts";
import { isDiskFull } from "../disk_full.ts";
import { HistoryError } from "../history/database.ts";
import { AdapterFault } from "../outcome.ts";
import { ReportError } from "../report_file.ts";
import {
  EXIT_ADAPTER,
  EXIT_HARNESS,
  EXIT_OK,
  EXIT_USAGE,
  OutputClosed,
  UsageError,
} from "./exit.ts";
import { demandName, suggestion } from "./nearest.ts";
import type { Shell } from "./shell.ts";

/** The outside, and where a command leaves its exit code. */
interface Outside {
  readonly shell: Shell;
  exitCode: number;
}

/** Puts a command into a program. */
export type Adding = (program: Command) => void;

/** Runs the one of `commands` that `args` name and returns the exit code. */
export async function runCommands(
  args: readonly string[],
  session: Outside,
  commands: readonly Adding[],
  version = "",
): Promise<number> {
  const printed: string[] = [];
  const program = programOf(commands, version, printed);
  try {
    await obey(args, program, session, printed);
    return session.exitCode;
  } catch (error) {
    if (error instanceof OutputClosed) return session.exitCode;
    return exitCodeOf(error, program, session.shell);
  }
}

/** All commands; what they print of themselves goes to `printed`. */
function programOf(commands: readonly Adding[], version: string, printed: string[]): Command {
  const program = new Command("freezethaw")
    .description("Conformance framework for saving and restoring virtual machines")
    .version(version)
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => printed.push(text), writeErr: () => {} });
  for (const add of commands) add(program);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}

async function obey(
  args: readonly string[],
  program: Command,
  session: Outside,
  printed: readonly string[],
): Promise<void> {
  if (args.length === 0) {
    session.exitCode = EXIT_USAGE;
    await session.shell.write(program.helpInformation());
    return;
  }
  if (args[0] === "help" && args[1] !== undefined) demandName("command", args[1], namesOf(program));
  try {
    await program.parseAsync(args, { from: "user" });
  } finally {
    for (const text of printed) await session.shell.write(text);
  }
}

function namesOf(program: Command): string[] {
  return program.commands.map((command) => command.name());
}

function exitCodeOf(error: unknown, program: Command, shell: Shell): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT_OK;
    shell.tell(`${usageText(error, program)}\n`);
    return EXIT_USAGE;
  }
  if (isDiskFull(error) || error instanceof ClockError) {
    shell.tell(`${error.message}\n`);
    return EXIT_HARNESS;
  }
  if (
    error instanceof UsageError ||
    error instanceof ReportError ||
    error instanceof HistoryError
  ) {
    shell.tell(`${error.message}\n`);
    return EXIT_USAGE;
  }
  if (error instanceof AdapterFault) {
    shell.tell(`The adapter broke: ${error.message}\n`);
    return EXIT_ADAPTER;
  }
  shell.tell(`The harness broke: ${error instanceof Error ? error.stack : String(error)}\n`);
  return EXIT_HARNESS;
}

/** The error of commander in one line, with the nearest valid names. */
function usageText({ code, message }: CommanderError, program: Command): string {
  const text = message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
  const quoted = /'(.*?)'/.exec(text)?.[1] ?? "";
  if (code === "commander.unknownCommand") {
    return `Cannot find command "${quoted}": ${suggestion(quoted, namesOf(program))}`;
  }
  if (code === "commander.unknownOption") {
    const all = [program, ...program.commands].flatMap((command) => command.options);
    const names = [...new Set(all.map((option) => option.long ?? option.flags))];
    return `Cannot find option "${quoted}": ${suggestion(quoted, names)}`;
  }
  return `Cannot run the command: ${text.replace(/\.$/, "")}`;
}
