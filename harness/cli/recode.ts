/**
 * `freezethaw recode`: decodes and encodes rows of NDJSON in bulk. A row is
 * `{"release", "message", "hex"}`; the answer is `{"ok": true, "hex"}` or
 * `{"ok": false, "reason", "offset"}`, one line each, in order.
 *
 * @module
 */
import type { Command } from "commander";
import { EXIT_USAGE } from "./exit.ts";
import { readLines } from "./input.ts";
import { suggestion } from "./nearest.ts";
import { type Format, FormatError } from "./product.ts";
import type { Session } from "./session.ts";

/** A row that asks nothing that could be answered. */
class RowError extends Error {}

export function addRecode(program: Command, session: Session): void {
  program
    .command("recode")
    .description("decode and encode NDJSON rows of release, message and hex")
    .argument("<format>", Object.keys(session.product.formats).join(", "))
    .argument("[file]", "standard input when absent")
    .action(async (name: string, file: string | undefined) => {
      const format = session.format(name);
      const messages = new Map(
        format.releases.map((release) => [release, new Set(format.messages(release))]),
      );
      for await (const lines of readLines(session.shell, file)) {
        const answers = lines.map((line) => `${answerTo(line, format, messages, session)}\n`);
        if (answers.length > 0) await session.shell.write(answers.join(""));
      }
    });
}

function answerTo(
  line: string,
  format: Format,
  messages: ReadonlyMap<string, ReadonlySet<string>>,
  session: Session,
): string {
  try {
    const { release, message, bytes } = rowOf(line, messages);
    const hex = Buffer.from(format.recode(release, message, bytes)).toString("hex");
    return `{"ok":true,"hex":"${hex}"}`;
  } catch (error) {
    if (error instanceof RowError) session.exitCode = EXIT_USAGE;
    else if (!(error instanceof FormatError)) throw error;
    const offset = error instanceof FormatError ? error.offset : undefined;
    return JSON.stringify({ ok: false, reason: error.message, offset });
  }
}

function rowOf(line: string, messages: ReadonlyMap<string, ReadonlySet<string>>) {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch {
    throw new RowError("Cannot read the row as it must be JSON");
  }
  const { release, message, hex } = (row ?? {}) as Record<string, unknown>;
  if (typeof release !== "string" || typeof message !== "string" || typeof hex !== "string") {
    throw new RowError("Cannot read the row as release, message and hex must be text");
  }
  const known = messages.get(release);
  if (known === undefined) {
    throw new RowError(`Cannot find release "${release}": ${suggestion(release, messages.keys())}`);
  }
  if (!known.has(message)) {
    const hint = suggestion(message, known);
    throw new RowError(`Cannot find message "${message}" in ${release}: ${hint}`);
  }
  const bytes = Buffer.from(hex, "hex");
  if (bytes.length * 2 !== hex.length) {
    throw new RowError("Cannot read the row as hex must be pairs of hexadecimal digits");
  }
  return { release, message, bytes };
}
