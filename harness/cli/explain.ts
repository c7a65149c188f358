/**
 * `freezethaw explain`: the history of the fields of a message.
 *
 * @module
 */
import type { Command } from "commander";
import { demandName } from "./nearest.ts";
import type { Session } from "./session.ts";

export function addExplain(program: Command, session: Session): void {
  program
    .command("explain")
    .description("the history of the fields of a message")
    .argument("<message>", "such as nvme_driver.IoQueueSavedState")
    .option("--json", "print JSON")
    .action(async (name: string, options: { readonly json?: true }) => {
      const { schemas } = session.product;
      const { json, lines } = schemas.explain(demandName("message", name, schemas.messages));
      if (options.json) await session.print(json, true);
      else await session.shell.write(`${lines.join("\n")}\n`);
    });
}
