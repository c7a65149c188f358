/**
 * `freezethaw decode`: bytes to JSON. Without `--message` a whole saved state is decoded, nested
 * states opened and unknown fields listed.
 *
 * @module
 */
import type { Command } from "commander";
import { decodeMachine, type MachineOptions } from "./decode_machine.ts";
import { decodeStream, type StreamOptions } from "./decode_stream.ts";
import { UsageError } from "./exit.ts";
import { tellFailure } from "./failure.ts";
import { readAll } from "./input.ts";
import { demandName } from "./nearest.ts";
import { FormatError, type Json, type Product } from "./product.ts";
import type { Session } from "./session.ts";

export interface MessageOptions {
  readonly release: string;
  readonly message?: string;
  readonly json?: true;
}

/** What decoding needs. */
type Decoding = Session<Pick<Product, "formats" | "streams" | "machines">>;

type DecodeOptions = Partial<MessageOptions> & Partial<StreamOptions> & MachineOptions;

export function addDecode(program: Command, session: Decoding): void {
  program
    .command("decode")
    .description("decode bytes to JSON; at most 16 MiB, a stream of records 256 MiB, RAM any size")
    .argument("<format>", namesOf(session).join(", "))
    .argument("[file]", "standard input when absent")
    .option("--release <release>", "the release that reads; streams say it themselves")
    .option("--message <name>", "the message; a whole saved state when absent")
    .option("--tree", "every field, of the stream of a machine")
    .option("--section <name>", "the tree of one section, such as 0000:00:02.0/e1000, or e1000")
    .option("--layout <layout>", "streams: read it in this layout, whatever it seems to be")
    .option("--order <order>", "streams: read it in this byte order, little or big")
    .option("--repair <target>", "streams: write one that a layout or release accepts to --out")
    .option("--out <file>", "where --repair writes")
    .option("--json", "one line of JSON, also for a failure")
    .action(async (format: string, file: string | undefined, options: DecodeOptions) => {
      await decode(format, file, options, session);
    });
}

async function decode(
  name: string,
  file: string | undefined,
  options: DecodeOptions,
  session: Decoding,
): Promise<void> {
  const stream = session.product.streams[name];
  if (stream !== undefined) {
    await decodeStream(stream, file, options, session);
    return;
  }
  for (const option of ["layout", "order", "repair", "out"] as const) {
    if (options[option] === undefined) continue;
    throw new UsageError(
      `Cannot run the command: --${option} is for streams, which ${name} is not`,
    );
  }
  const machine = session.product.machines[name];
  if (machine !== undefined) {
    await decodeMachine(machine, file, options, session);
    return;
  }
  if (options.release === undefined) {
    const what = "required option '--release <release>' not specified";
    throw new UsageError(`Cannot run the command: ${what}`);
  }
  demandName("format", name, namesOf(session));
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

function namesOf({ product }: Decoding): string[] {
  const { formats, streams, machines } = product;
  return [formats, streams, machines].flatMap(Object.keys);
}
