/**
 * The command line as a whole: which commands there are, and what an error means.
 *
 * @module
 */
import { Command, CommanderError } from "commander";
import { AdapterFault } from "../outcome.ts";
import { ReportError } from "../report_file.ts";
import { addDecode } from "./decode.ts";
import { addDiff } from "./diff.ts";
import { addEncode } from "./encode.ts";
import {
  EXIT_ADAPTER,
  EXIT_HARNESS,
  EXIT_OK,
  EXIT_USAGE,
  OutputClosed,
  UsageError,
} from "./exit.ts";
import { addExplain } from "./explain.ts";
import { addFetch } from "./fetch.ts";
import { addList } from "./list.ts";
import { demandName, suggestion } from "./nearest.ts";
import type { Product } from "./product.ts";
import { addRecode } from "./recode.ts";
import { addRecord } from "./record.ts";
import { addReport } from "./report.ts";
import { addRun } from "./run.ts";
import { addServe } from "./serve.ts";
import { Session } from "./session.ts";
import type { Shell } from "./shell.ts";

const COMMANDS = [
  addRun,
  addList,
  addDecode,
  addEncode,
  addRecode,
  addDiff,
  addExplain,
  addReport,
  addRecord,
  addFetch,
  addServe,
];

/** Runs the command that `args` name and returns the exit code. */
export async function runCommandLine(
  args: readonly string[],
  product: Product,
  shell: Shell,
): Promise<number> {
  const session = new Session(product, shell);
  const printed: string[] = [];
  const program = programOf(session, printed);
  try {
    await obey(args, program, session, printed);
    return session.exitCode;
  } catch (error) {
    return error instanceof OutputClosed ? session.exitCode : exitCodeOf(error, program, shell);
  }
}

/** All commands; what they print of themselves goes to `printed`. */
function programOf(session: Session, printed: string[]): Command {
  const program = new Command("freezethaw")
    .description("Conformance framework for saving and restoring virtual machines")
    .version(session.product.version)
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => printed.push(text), writeErr: () => {} });
  for (const add of COMMANDS) add(program, session);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}

async function obey(
  args: readonly string[],
  program: Command,
  session: Session,
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
  if (error instanceof UsageError || error instanceof ReportError) {
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
