/**
 * `freezethaw diff` of two streams of machines, by section and field.
 *
 * @module
 */
import { EXIT_FINDING, UsageError } from "./exit.ts";
import { tellFailure } from "./failure.ts";
import { FormatError, type MachineFormat, type MachineStream, type Product } from "./product.ts";
import { readMachine } from "./read_machine.ts";
import type { Session } from "./session.ts";
import { writePieces } from "./write_pieces.ts";

/** What comparing needs. */
export type Comparing = Session<Pick<Product, "machines">>;

export interface MachineDiffOptions {
  readonly json?: boolean;
  /** Pages of memory are compared, too; they are all held at once. */
  readonly ram?: boolean;
}

/** Prints what differs; a difference is a finding. */
export async function diffMachines(
  files: readonly [string, string],
  { json = false, ram = false }: MachineDiffOptions,
  session: Comparing,
): Promise<void> {
  const [format] = Object.values(session.product.machines);
  if (format === undefined) throw new UsageError("Cannot compare files: no format is known");
  const streams: MachineStream[] = [];
  for (const file of files) {
    const stream = await read(format, file, json, ram, session);
    if (stream === undefined) return;
    streams.push(stream);
  }
  const difference = format.diff(...(streams as [MachineStream, MachineStream]));
  if (!difference.isSame) session.exitCode = EXIT_FINDING;
  if (json) await session.print(difference.json, true);
  else await writePieces(difference.lines(), session, "\n");
}

/** The stream in `file`; when there is none, it was told. */
async function read(
  format: MachineFormat,
  file: string,
  json: boolean,
  keepsMemory: boolean,
  session: Comparing,
) {
  try {
    return await readMachine(format, session.shell, file, keepsMemory);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const { message, offset, path } = error;
    await tellFailure(new FormatError(`${message} (${file})`, offset, path), json, session);
    return undefined;
  }
}
