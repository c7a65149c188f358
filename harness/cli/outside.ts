/**
 * The implementation of a user's own that the options or the current folder name.
 *
 * @module
 */
import type { Command } from "commander";
import { redacted } from "../redact.ts";
import { DEADLINE_MS } from "../watchdog.ts";
import { integer } from "./choice.ts";
import { configurationAt, configurationOf } from "./configured.ts";
import { UsageError } from "./exit.ts";
import { demandExpectations } from "./expectations.ts";
import { demandWritable } from "./output_files.ts";
import type { Implementation } from "./product.ts";
import type { Session } from "./session.ts";

export interface OutsideOptions {
  readonly implementation?: string;
  readonly config?: string;
  readonly adapter?: true;
  readonly timeout?: number;
  readonly jobs?: number;
  readonly keep?: string;
  readonly redact?: true;
}

const HOUR_MS = 3_600_000;

export function addOutside(command: Command): Command {
  return command
    .option("--config <file>", "configuration of an implementation of your own")
    .option("--adapter", "the adapter behind -- is run: --adapter -- COMMAND ARGUMENTS")
    .option("--keep <folder>", "keep what adapters write beside their answers, by condition")
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
  if (config !== undefined && adapter !== undefined) {
    throw new UsageError(
      "Cannot run as --config and --adapter exclude each other: current value is both",
    );
  }
  const isNamed = config !== undefined || adapter !== undefined;
  if (implementation !== undefined && !isNamed) return undefined;
  const found = adapter ? configurationOf(session.behind) : await configurationAt(config);
  if (found === undefined) return undefined;
  const { configuration, folder } = found;
  if (options.keep !== undefined) demandWritable(options.keep, []);
  const timeoutMs = options.timeout ?? configuration.timeoutMs ?? DEADLINE_MS;
  const outside = await session.product.protocol.reach({
    configuration,
    folder,
    timeoutMs,
    jobs,
    keep: options.keep,
    change: options.redact ? redacted : undefined,
    like: implementation === undefined ? undefined : await session.implementation(implementation),
  });
  if (outside.end !== undefined) session.atEnd(() => outside.end?.() ?? Promise.resolve());
  const own = demandExpectations(
    configuration.expectations ?? [],
    outside.space,
    "the configuration",
  );
  return { ...outside, expectations: [...outside.expectations, ...own] };
}
