/**
 * The performance grid: what each hop of many conditions costs, as often as there are passes. One
 * condition runs at a time. Passes take turns over all conditions, so that a slow minute of the
 * machine strikes one value of many cells and not all values of one.
 *
 * @module
 */
import type { Adapter, SavedState } from "../adapter.ts";
import type { Axis } from "../axis.ts";
import { neutralOf } from "../condition_name.ts";
import { factorsOf } from "../factors.ts";
import { type Hop, hopName } from "../path.ts";
import type { Planned } from "../plan.ts";
import type { ConditionResult } from "../report.ts";
import { clocked } from "./clocked.ts";
import { type Clocks, HopMeter, type MeteredHop, timerOf } from "./hop_meter.ts";
import { fieldsOf, hopMetrics, phasesOf, TIMED } from "./hop_metrics.ts";

export interface GridInput {
  readonly adapter: Adapter;
  readonly axes: readonly Axis[];
  /** Runs the conditions once, with the adapter in place of its own. */
  run(adapter: Adapter, planned: readonly Planned[]): AsyncIterable<ConditionResult>;
  readonly planned: readonly Planned[];
  /** Run once before them, and not counted: code that has just been loaded is slow. */
  readonly warmUp: readonly Planned[];
  readonly passes: number;
  readonly clocks: Clocks;
  /** True once nothing more is to be measured. */
  isOver(): boolean;
  /** Decodes a saved state; undefined where its format is not known. */
  decode?(state: SavedState): unknown;
}

/** One hop, with what it cost at each pass. */
export interface GridRow {
  /** Name of its condition. */
  readonly name: string;
  readonly edge: number;
  /** Those of its edge; besides, `configuration` of both ends, and `keepalive` as it was seen. */
  readonly factors: Readonly<Record<string, string>>;
  /** By metric: one value when it was the same at each pass, else one for each. */
  readonly values: ReadonlyMap<string, readonly number[]>;
}

/** A path that did not come to its end. */
export interface GridFailure {
  readonly name: string;
  readonly edge: number;
  readonly writer: string;
  readonly reader: string;
  readonly verdict: string;
  readonly reason: string;
}

export interface GridState {
  readonly passes: number;
  /** Conditions of this pass so far. */
  readonly conditions: number;
}

export class Grid {
  readonly #input: GridInput;
  readonly #rows = new Map<string, { row: Omit<GridRow, "values">; values: Values }>();
  readonly #failures = new Map<string, GridFailure>();
  readonly #fields = new WeakMap<SavedState, number>();

  constructor(input: GridInput) {
    this.#input = input;
  }

  /** Measures, and tells how far it is after each condition. */
  async *measure(): AsyncGenerator<GridState> {
    const { adapter, passes, planned, isOver, run, warmUp } = this.#input;
    adapter.timeWith?.(timerOf(this.#input.clocks));
    if (warmUp.length > 0) for await (const _ of run(adapter, warmUp)) if (isOver()) break;
    for (let pass = 0; pass < passes && !isOver(); pass++) {
      let conditions = 0;
      adapter.afresh?.();
      for await (const _ of this.#pass()) {
        yield { passes: pass, conditions: ++conditions };
        if (isOver()) break;
      }
      if (conditions === planned.length) yield { passes: pass + 1, conditions };
    }
  }

  get rows(): readonly GridRow[] {
    const rows = Array.from(this.#rows.values(), ({ row, values }) => ({ ...row, values }));
    if (rows.every(({ factors }) => factors.keepalive === undefined)) return rows;
    // Where others have controllers, a machine that does not speak of any has none.
    return rows.map(({ factors, ...row }) => {
      return { ...row, factors: { keepalive: "no device", ...factors } };
    });
  }

  get failures(): readonly GridFailure[] {
    return [...this.#failures.values()];
  }

  async *#pass(): AsyncGenerator<void> {
    const { adapter, clocks, planned, run } = this.#input;
    const meter = new HopMeter(clocks);
    let begin = clocks.now();
    for await (const result of run(clocked(adapter, meter), planned)) {
      const ms = clocks.now() - begin;
      const { hops, insideMs } = meter.take();
      this.#add(result, hops, Math.max(0, ms - insideMs) / Math.max(1, hops.length));
      yield;
      begin = clocks.now();
    }
  }

  #add(result: ConditionResult, hops: readonly MeteredHop[], aroundMs: number): void {
    const { name, condition, transcript } = result;
    const phases = phasesOf(transcript);
    for (const [edge, hop] of hops.entries()) {
      const key = `${name}#${edge}`;
      const known = this.#rows.get(key) ?? {
        row: { name, edge, factors: this.#factors(condition, edge, hop) },
        values: new Map<string, number[]>(),
      };
      this.#rows.set(key, known);
      const fields = this.#fieldsOf(hop.state);
      const seen = { hop, phases: phases[edge] ?? {}, aroundMs };
      keep(known.values, hopMetrics(fields === undefined ? seen : { ...seen, fields }));
    }
    const failure = failureOf(result);
    if (failure !== undefined) this.#failures.set(`${name}#${failure.edge}`, failure);
  }

  #factors(condition: ConditionResult["condition"], edge: number, { after }: MeteredHop) {
    const { axes } = this.#input;
    const { first: _, ...factors } = factorsOf(condition, edge, axes);
    return {
      ...factors,
      "writer.configuration": configurationOf(condition.path[edge] as Hop, axes),
      "reader.configuration": configurationOf(condition.path[edge + 1] as Hop, axes),
      ...(after.keepalive === null ? {} : { keepalive: after.keepalive }),
    };
  }

  /** Decoded once: adapters may hand out the same state again. */
  #fieldsOf(state: SavedState): number | undefined {
    const known = this.#fields.get(state);
    if (known !== undefined || this.#input.decode === undefined) return known;
    const decoded = this.#input.decode(state);
    if (decoded === undefined) return undefined;
    const fields = fieldsOf(decoded);
    this.#fields.set(state, fields);
    return fields;
  }
}

type Values = Map<string, number[]>;

/** Exact metrics are kept once, as long as they are the same at each pass. */
function keep(values: Values, metrics: ReadonlyMap<string, number>): void {
  for (const [metric, value] of metrics) {
    const known = values.get(metric) ?? [];
    values.set(metric, known);
    if (TIMED.has(metric) || known[0] !== value || known.length > 1) known.push(value);
  }
}

function configurationOf(hop: Hop, axes: readonly Axis[]): string {
  const name = hopName(hop, neutralOf(axes)).slice(hop.release.length);
  return name === "" ? "usual" : name.slice(1, -1);
}

function failureOf({ name, condition, cells }: ConditionResult): GridFailure | undefined {
  const cell = cells.find(({ verdict }) => verdict !== "passed");
  if (cell === undefined) return undefined;
  const { edge = 0, verdict, reason = "" } = cell;
  const [writer = "", reader = ""] = condition.path.slice(edge).map(({ release }) => release);
  return { name, edge, writer, reader, verdict, reason };
}
