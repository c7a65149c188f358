/**
 * `freezethaw fetch`: gets real programs to be tested, into a folder of their own.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { arch, platform } from "node:os";
import type { Command } from "commander";
import { EXIT_FINDING } from "./exit.ts";
import { demandName } from "./nearest.ts";
import type { Fetcher, Json } from "./product.ts";
import type { Session } from "./session.ts";

interface FetchOptions {
  readonly json?: true;
  readonly cacheKey?: true;
}

/** Hexadecimal digits of a key. */
const KEY_LENGTH = 16;

/** The same as long as the same is fetched for the same kind of machine. */
function cacheKeyOf(what: string, { wants = [] }: Fetcher): string {
  const digest = createHash("sha256").update(JSON.stringify(wants)).digest("hex");
  return ["freezethaw", what, platform(), arch(), digest.slice(0, KEY_LENGTH)].join("-");
}

export function addFetch(program: Command, session: Session): void {
  program
    .command("fetch")
    .description("get real programs of others, to be driven by run")
    .argument("<what>", `one of ${Object.keys(session.product.fetchers).join(", ")}`)
    .option("--json", "print what is there as JSON")
    .option("--cache-key", "fetch nothing: print a key for a cache of what would be fetched")
    .action(async (what: string, { json, cacheKey }: FetchOptions) => {
      const { fetchers } = session.product;
      const fetcher = fetchers[demandName("program", what, Object.keys(fetchers))] as Fetcher;
      if (cacheKey) {
        await session.shell.write(`${cacheKeyOf(what, fetcher)}\n`);
        return;
      }
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
