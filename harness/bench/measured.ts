/**
 * What the sides of a comparison have measured, block by block. A side that measures something
 * else from run to run, or an exact metric that changes, is broken; what only one side measures at
 * all is not compared.
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

  /** The blocks of each timed metric that all sides have. */
  timed(): readonly Blocks[] {
    const shared = [...this.#timed].filter(([, { a, b }]) => a.length > 0 && b.length > 0);
    return shared.map(([metric, { a, b, control }]) => ({
      metric,
      a: Float64Array.from(a),
      b: Float64Array.from(b),
      control: Float64Array.from(control),
    }));
  }

  #check(side: SideName, run: readonly Metric[]): void {
    if (!this.#first.has(side)) this.#first.set(side, run);
    const own = new Map(this.first(side).map((each) => [each.metric, each]));
    this.#checkNames(own, side, run);
    // The control is side `a` once more; of the other one only what both have is compared.
    const known = new Map(this.first("a").map((each) => [each.metric, each]));
    if (known.size > 0 && side === "control") this.#checkNames(known, side, run);
    if (known.size > 0 && side === "b" && !run.some(({ metric }) => known.has(metric))) {
      throw new SideError("Cannot compare as the sides must have a metric in common");
    }
    const clash = run.find((each) => (known.get(each.metric) ?? each).class !== each.class);
    if (clash !== undefined) throw unlike(clash.metric, side);
    for (const { metric, class: kind, value } of run) {
      const was = own.get(metric)?.value;
      if (kind === "timed" || was === value) continue;
      throw new SideError(
        `Cannot take ${metric} as exact as it must not change: ` +
          `current value is ${was}, then ${value} (side ${side})`,
      );
    }
  }

  #checkNames(own: ReadonlyMap<string, Metric>, side: SideName, run: readonly Metric[]): void {
    const odd =
      run.find(({ metric, class: kind }) => own.get(metric)?.class !== kind)?.metric ??
      [...own.keys()].find((metric) => !run.some((each) => each.metric === metric));
    if (odd !== undefined) throw unlike(odd, side);
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

function unlike(metric: string, side: SideName): SideError {
  return new SideError(`Cannot compare ${metric} as each run must measure it alike (side ${side})`);
}
