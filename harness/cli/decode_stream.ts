/**
 * `freezethaw decode` of a stream of records: JSON or a table, written as it is made, since a
 * stream may hold more than fits into one text.
 *
 * @module
 */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { EXIT_FINDING, UsageError } from "./exit.ts";
import { tellFailure } from "./failure.ts";
import { readAll } from "./input.ts";
import { demandName } from "./nearest.ts";
import {
  FormatError,
  type InspectedStream,
  type NamedLayout,
  type StreamFormat,
} from "./product.ts";
import { repairStream } from "./repair_stream.ts";
import type { Session } from "./session.ts";
import { writePieces } from "./write_pieces.ts";

/** Largest stream: its JSON is a few times larger. */
const STREAM_SIZE_MAX = 256 * 1024 * 1024;

export interface StreamOptions {
  readonly layout: string;
  readonly order: string;
  readonly repair: string;
  readonly out: string;
  readonly json: true;
}

/** Prints what is in a stream; exits with a finding when it is not as its specification says. */
export async function decodeStream(
  format: StreamFormat,
  file: string | undefined,
  options: Partial<StreamOptions>,
  session: Session<unknown>,
): Promise<void> {
  const named = namedLayout(format, options);
  const repair = demandRepair(format, file, options);
  const bytes = await readAll(session.shell, file, STREAM_SIZE_MAX);
  const json = options.json === true;
  try {
    if (repair !== undefined) {
      await repairStream(format.repair(bytes, repair.target, named), repair.out, json, session);
      return;
    }
    const inspected = format.inspect(bytes, named);
    if (inspected.violationCount > 0) session.exitCode = EXIT_FINDING;
    await writePieces(json ? jsonOf(inspected) : tableOf(inspected), session);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    await tellFailure(error, json, session);
  }
}

function namedLayout(
  { layouts, orders }: StreamFormat,
  { layout, order }: Partial<StreamOptions>,
): NamedLayout {
  return {
    ...(layout === undefined ? {} : { layout: demandName("layout", layout, layouts) }),
    ...(order === undefined ? {} : { order: demandName("order", order, orders) }),
  };
}

/** What is to be repaired for whom and where it goes, when anything is. */
function demandRepair(
  { targets }: StreamFormat,
  file: string | undefined,
  { repair, out }: Partial<StreamOptions>,
): { target: string; out: string } | undefined {
  if (repair === undefined) {
    if (out === undefined) return undefined;
    throw new UsageError("Cannot run the command: --out is where --repair writes");
  }
  const target = demandName("target", repair, targets);
  if (out === undefined) throw new UsageError("Cannot run the command: --repair needs --out");
  if (file !== undefined && isSameFile(file, out)) {
    throw new UsageError("Cannot repair a stream in its place: --out must be another file");
  }
  return { target, out };
}

function isSameFile(a: string, b: string): boolean {
  const [first, second] = [a, b].map((path) => statSync(path, { throwIfNoEntry: false }));
  if (first === undefined || second === undefined) return resolve(a) === resolve(b);
  return first.dev === second.dev && first.ino === second.ino;
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
