/**
 * The implementation of a user's own that the options or the current folder name.
 *
 * @module
 */
import type { Command } from "commander";
import { DEADLINE_MS } from "../watchdog.ts";
import { integer } from "./choice.ts";
import { configurationAt, configurationOf } from "./configured.ts";
import { UsageError } from "./exit.ts";
import { demandExpectations } from "./expectations.ts";
import type { Implementation } from "./product.ts";
import type { Session } from "./session.ts";

export interface OutsideOptions {
  readonly implementation?: string;
  readonly config?: string;
  readonly adapter?: true;
  readonly timeout?: number;
  readonly jobs?: number;
}

const HOUR_MS = 3_600_000;

export function addOutside(command: Command): Command {
  return command
    .option("--config <file>", "configuration of an implementation of your own")
    .option("--adapter", "the adapter behind -- is run: --adapter -- COMMAND ARGUMENTS")
    .option(
      "--timeout <ms>",
      "time after which an answer is overdue",
      integer("--timeout", 1, HOUR_MS),
    );
}

/** Reaches it, until the session ends; undefined when an embedded one is meant. */
export async function outsideImplementation(
  options: OutsideOptions,
  session: Session,
): Promise<Implementation | undefined> {
  const { implementation, config, adapter, jobs = 1 } = options;
  const named = [implementation, config, adapter].filter((it) => it !== undefined);
  if (named.length > 1) {
    throw new UsageError(
      "Cannot run as --implementation, --config and --adapter exclude each other: " +
        "current value is more than one",
    );
  }
  if (implementation !== undefined) return undefined;
  const found = adapter ? configurationOf(session.behind) : await configurationAt(config);
  if (found === undefined) return undefined;
  const { configuration, folder } = found;
  const timeoutMs = options.timeout ?? configuration.timeoutMs ?? DEADLINE_MS;
  const outside = await session.product.outside({ configuration, folder, timeoutMs, jobs });
  if (outside.end !== undefined) session.atEnd(() => outside.end?.() ?? Promise.resolve());
  const { expectations, space } = outside;
  return { ...outside, expectations: demandExpectations(expectations, space, "the configuration") };
}
