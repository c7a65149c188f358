/**
 * `freezethaw decode` of a stream of records: JSON or a table, written as it is made, since a
 * stream may hold more than fits into one text.
 *
 * @module
 */
import { EXIT_FINDING } from "./exit.ts";
import { tellFailure } from "./failure.ts";
import { readAll } from "./input.ts";
import { FormatError, type InspectedStream, type StreamFormat } from "./product.ts";
import type { Session } from "./session.ts";
import { writePieces } from "./write_pieces.ts";

/** Largest stream: its JSON is a few times larger. */
const STREAM_SIZE_MAX = 256 * 1024 * 1024;

/** Prints what is in a stream; exits with a finding when it is not as its specification says. */
export async function decodeStream(
  format: StreamFormat,
  file: string | undefined,
  json: boolean,
  session: Session,
): Promise<void> {
  const bytes = await readAll(session.shell, file, STREAM_SIZE_MAX);
  let inspected: InspectedStream;
  try {
    inspected = format.inspect(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    await tellFailure(error, json, session);
    return;
  }
  if (inspected.violationCount > 0) session.exitCode = EXIT_FINDING;
  await writePieces(json ? jsonOf(inspected) : tableOf(inspected), session);
}

function* jsonOf(inspected: InspectedStream): Generator<string> {
  const { layout, why, header, violations, violationCount, deviations } = inspected;
  yield `${JSON.stringify({ layout, why, header }).slice(0, -1)},"records":[`;
  let separator = "";
  for (const record of inspected.records) {
    yield separator + JSON.stringify(record);
    separator = ",";
  }
  const found = { violations, violation_count: violationCount, deviations };
  yield `],${JSON.stringify(found).slice(1)}\n`;
}

function* tableOf(inspected: InspectedStream): Generator<string> {
  yield `layout ${inspected.layout}: ${inspected.why}\n`;
  yield `header ${JSON.stringify(inspected.header)}\n`;
  for (const record of inspected.records) yield `${inspected.lineOf(record)}\n`;
  for (const { offset, section, text } of inspected.deviations) {
    yield `deviation at offset ${offset}, ${section}: ${text}\n`;
  }
  for (const { offset, section, text } of inspected.violations) {
    yield `violation at offset ${offset}, ${section}: ${text}\n`;
  }
  const unlisted = inspected.violationCount - inspected.violations.length;
  if (unlisted > 0) yield `and ${unlisted} more violations\n`;
}
