/**
 * What the sides of a comparison have measured, block by block. A side that measures something else
 * than the others, or an exact metric that changes from run to run, is broken.
 *
 * @module
 */
import type { SideName } from "./block_order.ts";
import type { Blocks } from "./judge.ts";
import type { Metric } from "./metric.ts";

/** A side that cannot be compared, and why. One line. */
export class SideError extends Error {
  override readonly name = "SideError";
}

export class Measured {
  readonly #first = new Map<SideName, readonly Metric[]>();
  /** Values of timed metrics: by metric, then by side. */
  readonly #timed = new Map<string, Record<SideName, number[]>>();
  #blocks = 0;

  /** Whole blocks so far. */
  get blocks(): number {
    return this.#blocks;
  }

  /** What the first run of `side` measured. */
  first(side: SideName): readonly Metric[] {
    return this.#first.get(side) ?? [];
  }

  /** Takes a whole block: of each side what each of its runs measured. */
  add(block: Readonly<Record<SideName, readonly (readonly Metric[])[]>>): void {
    for (const side of ["a", "b", "control"] as const) {
      for (const run of block[side]) this.#check(side, run);
    }
    for (const side of ["a", "b", "control"] as const) this.#keep(side, block[side]);
    this.#blocks++;
  }

  /** The blocks of each timed metric. */
  timed(): readonly Blocks[] {
    return Array.from(this.#timed, ([metric, { a, b, control }]) => ({
      metric,
      a: Float64Array.from(a),
      b: Float64Array.from(b),
      control: Float64Array.from(control),
    }));
  }

  #check(side: SideName, run: readonly Metric[]): void {
    if (!this.#first.has(side)) this.#first.set(side, run);
    const known = new Map(this.first("a").map((each) => [each.metric, each]));
    const own = new Map(this.first(side).map((each) => [each.metric, each]));
    const odd =
      run.find(({ metric, class: kind }) => known.get(metric)?.class !== kind)?.metric ??
      this.first("a").find(({ metric }) => !run.some((each) => each.metric === metric))?.metric;
    if (known.size > 0 && odd !== undefined) {
      throw new SideError(`Cannot compare ${odd} as each run must measure it alike (side ${side})`);
    }
    for (const { metric, class: kind, value } of run) {
      const was = own.get(metric)?.value;
      if (kind === "timed" || was === value) continue;
      throw new SideError(
        `Cannot take ${metric} as exact as it must not change: ` +
          `current value is ${was}, then ${value} (side ${side})`,
      );
    }
  }

  /** Of the runs in a block the fastest counts: whatever else runs can only slow it down. */
  #keep(side: SideName, runs: readonly (readonly Metric[])[]): void {
    const fastest = new Map<string, number>();
    for (const { metric, class: kind, value } of runs.flat()) {
      if (kind === "timed") fastest.set(metric, Math.min(value, fastest.get(metric) ?? value));
    }
    for (const [metric, value] of fastest) {
      const sides = this.#timed.get(metric) ?? { a: [], b: [], control: [] };
      this.#timed.set(metric, sides);
      sides[side].push(value);
    }
  }
}
