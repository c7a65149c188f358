/**
 * `freezethaw diff` of what two releases of a program say of the states of their devices: both
 * directions, without a run.
 *
 * @module
 */
import { EXIT_FINDING } from "./exit.ts";
import { tellFailure } from "./failure.ts";
import { readAll, readLines } from "./input.ts";
import { type DescriptionFormat, FormatError } from "./product.ts";
import type { Session } from "./session.ts";
import { writePieces } from "./write_pieces.ts";

export interface DescriptionOptions {
  readonly machine?: string;
  readonly rows?: string;
  readonly all?: true;
  readonly json?: true;
}

/** Prints what may break from `a` to `b` and from `b` to `a`; that is a finding. */
export async function diffDescriptions(
  format: DescriptionFormat,
  [a, b]: readonly [string, string],
  { machine = format.machine, rows, all, json }: DescriptionOptions,
  session: Session<unknown>,
): Promise<void> {
  const described: unknown[] = [];
  for (const name of [a, b]) {
    try {
      described.push(format.read(await textOf(format, name, machine, session)));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const { message, offset, path } = error;
      await tellFailure(
        new FormatError(`${message} (${name})`, offset, path),
        json === true,
        session,
      );
      return;
    }
  }
  const [first, second] = described;
  if (rows !== undefined) {
    await besideRows(format, rows, [a, b], [first, second], session);
    return;
  }
  const there = format.compare(first, second);
  const back = format.compare(second, first);
  if (!there.isHarmless || !back.isHarmless) session.exitCode = EXIT_FINDING;
  if (json) {
    await session.print({ a, b, a_to_b: there.json, b_to_a: back.json }, true);
    return;
  }
  await writePieces(there.lines(`${a} -> ${b}`, all === true), session, "\n");
  await writePieces(back.lines(`${b} -> ${a}`, all === true), session, "\n");
}

/** Of the release called `name`, or of the file. */
async function textOf(
  format: DescriptionFormat,
  name: string,
  machine: string,
  { shell }: Session<unknown>,
): Promise<Uint8Array> {
  if (format.releases.includes(name)) return await format.describe(name, machine);
  return await readAll(shell, name, format.sizeMax);
}

/** Prints where the loads of a run, in both directions, went another way than foretold. */
async function besideRows(
  format: DescriptionFormat,
  path: string,
  [a, b]: readonly [string, string],
  [first, second]: readonly [unknown, unknown],
  session: Session<unknown>,
): Promise<void> {
  const rows: string[] = [];
  for await (const lines of readLines(session.shell, path))
    for (const line of lines) rows.push(line);
  try {
    for await (const line of format.beside(rows, [a, b], [first, second])) {
      await session.shell.write(`${line}\n`);
    }
    for await (const line of format.beside(rows, [b, a], [second, first])) {
      await session.shell.write(`${line}\n`);
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    await tellFailure(error, false, session);
  }
}
