/**
 * What the guest has counted, seen from outside through the human monitor: the machine need not
 * run, and nothing in it changes.
 *
 * @module
 */

import { SHOW_COUNTERS, sumOf } from "./boot_disk.ts";
import { LBA_MAX } from "./boot_sector_table.ts";
import type { Monitor } from "./monitor.ts";

/** Counters of the guest; see `boot_sector_table.ts`. */
export interface Counters {
  readonly passes: number;
  readonly reads: number;
  readonly errors: number;
  readonly wrong: number;
  readonly sum: number;
  readonly boots: number;
}

const SUMS: ReadonlySet<number> = new Set(
  Array.from({ length: LBA_MAX }, (_, index) => sumOf(index + 1)),
);

/** Asks for the counters. */
export async function countersOf(monitor: Monitor): Promise<Counters> {
  const answer = await human(monitor, SHOW_COUNTERS);
  return readCounters(answer);
}

/** A command of the human monitor, and what it says. */
export async function human(monitor: Monitor, command: string): Promise<string> {
  const said = await monitor.execute("human-monitor-command", { "command-line": command });
  return String(said).trim();
}

/** The counters in an answer such as `0000000000008000: 0x00000007 0x00000007 ...`. */
export function readCounters(answer: string): Counters {
  const words = [...answer.matchAll(/\b0x([0-9a-f]{8})\b/g)].map(([, word]) => Number(`0x${word}`));
  const [passes, reads, errors, wrong, sum, boots, ...rest] = words;
  if (boots === undefined || rest.length > 0) {
    throw new SyntaxError(`Cannot read counters as there must be six: current value is ${answer}`);
  }
  return { passes, reads, errors, wrong, sum, boots } as Counters;
}

/** What is not as it should be in counters of a guest that has always had a good disk. */
export function complaint({ passes, reads, errors, wrong, sum }: Counters): string | undefined {
  if (errors > 0) return `the guest got ${errors} errors from its disk`;
  if (wrong > 0) return `the guest found ${wrong} contents of disk or memory wrong`;
  if (reads > 0 && !SUMS.has(sum)) return `the guest's last sum is 0x${sum.toString(16)}`;
  // A pass counts its read first; while the guest runs there may be more of them.
  if (reads < passes) return `${reads} good reads in ${passes} passes`;
  return undefined;
}
