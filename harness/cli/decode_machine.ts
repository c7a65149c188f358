/**
 * `freezethaw decode` of the stream of a machine: a summary, trees of fields, or JSON.
 *
 * @module
 */
import { UsageError } from "./exit.ts";
import { tellFailure } from "./failure.ts";
import { demandName } from "./nearest.ts";
import { FormatError, type MachineFormat, type MachineStream } from "./product.ts";
import { readMachine } from "./read_machine.ts";
import type { Session } from "./session.ts";
import { writePieces } from "./write_pieces.ts";

export interface MachineOptions {
  readonly json?: true;
  readonly tree?: true;
  readonly section?: string;
}

/** Prints what is in a stream. */
export async function decodeMachine(
  format: MachineFormat,
  file: string | undefined,
  { json, tree, section }: MachineOptions,
  session: Session<unknown>,
): Promise<void> {
  let stream: MachineStream;
  try {
    stream = await readMachine(format, session.shell, file);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    await tellFailure(error, json === true, session);
    return;
  }
  const name = section === undefined ? undefined : sectionNamed(section, stream.sections);
  if (json) await writePieces(stream.json(name), session);
  else if (tree || name !== undefined) await writePieces(stream.tree(name), session, "\n");
  else await writePieces(stream.summary(), session, "\n");
}

/** The section called `name`, or the only one whose name ends in it, behind a slash. */
function sectionNamed(name: string, sections: readonly string[]): string {
  if (sections.includes(name)) return name;
  const [only, other] = sections.filter((section) => section.endsWith(`/${name}`));
  if (only === undefined) return demandName("section", name, sections);
  if (other === undefined) return only;
  throw new UsageError(`Cannot tell which section is meant by "${name}": ${only} or ${other}`);
}
