/**
 * `freezethaw encode`: JSON to bytes, the other way of `decode`.
 *
 * @module
 */
import type { Command } from "commander";
import type { MessageOptions } from "./decode.ts";
import { tellFailure } from "./failure.ts";
import { readAll } from "./input.ts";
import { demandName } from "./nearest.ts";
import { FormatError, type Json } from "./product.ts";
import type { Session } from "./session.ts";

export function addEncode(program: Command, session: Session): void {
  program
    .command("encode")
    .description("encode JSON to bytes on standard output; at most 16 MiB")
    .argument("<format>", Object.keys(session.product.formats).join(", "))
    .argument("[file]", "standard input when absent")
    .requiredOption("--release <release>", "the release that writes")
    .requiredOption("--message <name>", "the message")
    .option("--json", 'print {"hex": ...} in place of bytes')
    .action(
      async (
        name: string,
        file: string | undefined,
        options: MessageOptions & { readonly message: string },
      ) => {
        const format = session.format(name);
        const release = demandName("release", options.release, format.releases);
        const message = demandName("message", options.message, format.messages(release));
        const json = options.json === true;
        try {
          const value = parse((await readAll(session.shell, file)).toString("utf8"));
          const bytes = Buffer.from(format.encode(release, message, value));
          if (json) await session.print({ hex: bytes.toString("hex") }, true);
          else await session.shell.write(bytes);
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
          await tellFailure(error, json, session);
        }
      },
    );
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new FormatError("Cannot encode input as it must be JSON");
  }
}
