/**
 * `freezethaw decode`: bytes to JSON. Without `--message` a whole saved state is decoded, nested
 * states opened and unknown fields listed.
 *
 * @module
 */
import type { Command } from "commander";
import { EXIT_FINDING } from "./exit.ts";
import { readAll } from "./input.ts";
import { demandName } from "./nearest.ts";
import { FormatError, type Json } from "./product.ts";
import type { Session } from "./session.ts";

export interface MessageOptions {
  readonly release: string;
  readonly message?: string;
  readonly json?: true;
}

export function addDecode(program: Command, session: Session): void {
  program
    .command("decode")
    .description("decode bytes to JSON; at most 16 MiB")
    .argument("<format>", Object.keys(session.product.formats).join(", "))
    .argument("[file]", "standard input when absent")
    .requiredOption("--release <release>", "the release that reads")
    .option("--message <name>", "the message; a whole saved state when absent")
    .option("--json", "one line of JSON, also for a failure")
    .action(async (format: string, file: string | undefined, options: MessageOptions) => {
      await decode(format, file, options, session);
    });
}

async function decode(
  name: string,
  file: string | undefined,
  options: MessageOptions,
  session: Session,
): Promise<void> {
  const format = session.format(name);
  const release = demandName("release", options.release, format.releases);
  const message =
    options.message === undefined
      ? undefined
      : demandName("message", options.message, format.messages(release));
  const bytes = await readAll(session.shell, file);
  let value: Json;
  try {
    value =
      message === undefined
        ? format.decodeState(release, bytes)
        : format.decode(release, message, bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    await tellFailure(error, options.json === true, session);
    return;
  }
  await session.print(value, options.json === true);
}

/** Says why bytes or a value cannot be taken; a finding. Encoding errors name the place. */
export async function tellFailure(
  { message: reason, offset, path }: FormatError,
  json: boolean,
  session: Session,
): Promise<void> {
  session.exitCode = EXIT_FINDING;
  if (json) await session.print({ ok: false, reason, offset: offset ?? null, path }, true);
  const where = path === "" ? "" : ` in ${path}`;
  const text =
    offset === undefined ? reason : `Cannot decode input at offset ${offset}${where}: ${reason}`;
  session.shell.tell(`${text}\n`);
}
