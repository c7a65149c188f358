/**
 * `freezethaw fetch`: gets real programs to be tested, into a folder of their own.
 *
 * @module
 */
import type { Command } from "commander";
import { EXIT_FINDING } from "./exit.ts";
import { demandName } from "./nearest.ts";
import type { Fetcher, Json } from "./product.ts";
import type { Session } from "./session.ts";

export function addFetch(program: Command, session: Session): void {
  program
    .command("fetch")
    .description("get real programs of others, to be driven by run")
    .argument("<what>", `one of ${Object.keys(session.product.fetchers).join(", ")}`)
    .option("--json", "print what is there as JSON")
    .action(async (what: string, { json }: { readonly json?: true }) => {
      const { fetchers } = session.product;
      const fetcher = fetchers[demandName("program", what, Object.keys(fetchers))] as Fetcher;
      const all: Json[] = [];
      for await (const { name, text, there } of fetcher()) {
        all.push({ name, text, there });
        if (!there) session.exitCode = EXIT_FINDING;
        const line = there ? `${text}\n` : `Cannot fetch ${name}: ${text}\n`;
        if (json === undefined && there) await session.shell.write(line);
        else session.shell.tell(line);
      }
      if (json !== undefined) await session.print(all, true);
    });
}
