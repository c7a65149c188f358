/**
 * `freezethaw serve adapter`: an embedded implementation answers the messages of the adapter
 * protocol, so that adapters and the ways to them have something to be compared with.
 *
 * @module
 */
import type { Command } from "commander";
import type { Place } from "../place.ts";
import { integer } from "./choice.ts";
import { EXIT_OK, UsageError } from "./exit.ts";
import type { Session } from "./session.ts";

interface Options {
  readonly stdio?: true;
  readonly socket?: string;
  readonly http?: number;
}

const PORT_MAX = 65_535;

export function addServeAdapter(program: Command, session: Session): void {
  program
    .command("serve")
    .description("answer the adapter protocol with an embedded implementation")
    .argument("<what>", "adapter")
    .argument("<implementation>", "which one")
    .option("--stdio", "on standard input and output, until it ends; as if nothing is said")
    .option("--socket <path>", "at a Unix socket, until it is interrupted")
    .option("--http <port>", "by HTTP on this machine; 0 picks one", integer("--http", 0, PORT_MAX))
    .action(async (_what: string, implementation: string, options: Options) => {
      session.exitCode = await serveAdapter(implementation, options, session);
    });
}

async function serveAdapter(name: string, options: Options, session: Session): Promise<number> {
  const { product, shell } = session;
  const implementation = await session.implementation(name);
  const place = placeOf(options);
  const serving = await product.protocol.serve(implementation, place).catch((error: unknown) => {
    throw new UsageError(`Cannot serve ${name}: ${String(error)}`);
  });
  if (serving.address !== "") shell.tell(`Serving ${name} at ${serving.address}\n`);
  const interrupted = new Promise<void>((resolve) => {
    shell.onInterrupt(() => resolve());
  });
  await Promise.race([interrupted, serving.ended]);
  await serving.stop();
  return EXIT_OK;
}

function placeOf({ stdio, socket, http }: Options): Place {
  const named = [stdio, socket, http].filter((it) => it !== undefined);
  if (named.length > 1) {
    throw new UsageError(
      "Cannot serve as --stdio, --socket and --http exclude each other: current value is more",
    );
  }
  if (socket !== undefined) return { kind: "socket", path: socket };
  return http === undefined ? { kind: "stdio" } : { kind: "http", port: http };
}
