/**
 * A bench of our own code, in pieces of less than a millisecond. A process runs them in turns, as
 * often as it has time for; what counts is a fast piece, and not the fastest, which is luck.
 *
 * @module
 */
import { demandForward } from "../bench/clock_error.ts";
import type { Metric } from "../bench/mod.ts";

/** Work that takes part of a millisecond, once the runtime is warm: `run`, so many times. */
export interface Piece {
  readonly metric: string;
  readonly times: number;
  run(): unknown;
}

export interface OwnBench {
  pieces(): readonly Piece[];
  /** Others that do the same work, in metrics of the same names. */
  readonly rivals: Readonly<Record<string, () => Promise<readonly Piece[]>>>;
}

/** What is loaded when it is asked for. */
export type OwnBenches = Readonly<Record<string, () => Promise<OwnBench>>>;

/** The share of pieces that are as fast as the one that counts. */
const FAST = 0.1;

/** Runs each piece `rounds` times. `slower`: 0.05 does as much more work, to see it found. */
export function measured(
  pieces: readonly Piece[],
  rounds: number,
  now: () => number,
  slower = 0,
): readonly Metric[] {
  const samples = pieces.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { metric, times, run }] of pieces.entries()) {
      const begin = now();
      for (let time = 0; time < times; time++) run();
      const end = begin + (now() - begin) * (1 + slower);
      while (now() < end);
      const ms = now() - begin;
      demandForward(metric, ms);
      (samples[index] as number[]).push(ms / times);
    }
  }
  return pieces.map(({ metric }, index) => {
    const sorted = (samples[index] as number[]).sort((one, other) => one - other);
    const value = (sorted[Math.floor(sorted.length * FAST)] as number) * 1000;
    return { metric, class: "timed", unit: "µs", value };
  });
}
