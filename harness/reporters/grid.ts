/**
 * Counts for a grid of writer x reader per pair of configurations, for the shapes of longer
 * paths, and for the values of each axis. One pass over a report; no cell is kept.
 *
 * @module
 */
import type { Axis } from "../axis.ts";
import type { Condition } from "../condition.ts";
import { neutralOf } from "../condition_name.ts";
import type { Hop, Path } from "../path.ts";
import type { ConditionResult } from "../report.ts";
import type { VerdictKind } from "../verdict.ts";

/** What happened on a set of conditions. */
export interface Square {
  conditions: number;
  /** Conditions with cells that did not pass, all of them foreseen. */
  known: number;
  /** Conditions with cells that disagree with the expectations. */
  surprising: number;
  /** Conditions whose attempts did not agree. */
  flaky: number;
  /** Gravest verdict of all cells. */
  worst: VerdictKind;
}

/** One pair of configurations. */
export interface Block {
  readonly writer: string;
  readonly reader: string;
  /** Squares by `writer>reader`, names of releases. */
  readonly squares: ReadonlyMap<string, Square>;
}

/**
 * An unsupported cell was not run and says nothing about its condition. A machine that came back
 * with a loss (`failed`) is better off than one that did not come back.
 */
const GRAVITY: Readonly<Record<VerdictKind, number>> = {
  unsupported: 0,
  passed: 1,
  failed: 2,
  refused: 3,
  hung: 4,
  crashed: 5,
  error: 6,
};

/** What the cells of one condition say about it. */
interface Finding extends Pick<Square, "worst"> {
  readonly known: boolean;
  readonly surprising: boolean;
  readonly flaky: boolean;
}

export class Grid {
  readonly #axes: readonly Axis[];
  readonly #blocks = new Map<string, Block & { readonly squares: Map<string, Square> }>();
  readonly #shapes = new Map<string, Square>();
  readonly #values = new Map<string, Map<string, Square>>();
  /** By the cells themselves, which conditions share. */
  readonly #findings = new WeakMap<ConditionResult["cells"], Finding>();

  constructor(axes: readonly Axis[]) {
    this.#axes = axes;
    for (const { name, per } of axes) if (per !== "hop") this.#values.set(name, new Map());
  }

  /** Blocks in first-seen order. */
  get blocks(): readonly Block[] {
    return [...this.#blocks.values()];
  }

  /** Everything that is not in the blocks, by what is special about it. */
  get shapes(): ReadonlyMap<string, Square> {
    return this.#shapes;
  }

  /** Core grid by path axis and value. */
  get values(): ReadonlyMap<string, ReadonlyMap<string, Square>> {
    return this.#values;
  }

  add({ condition, cells }: ConditionResult): void {
    const finding = this.#findings.get(cells) ?? findingOf(cells);
    this.#findings.set(cells, finding);
    const shape = this.#shapeOf(condition);
    if (shape !== "pairs") {
      count(squareOf(this.#shapes, shape), finding);
      return;
    }
    const [writer, reader] = condition.path;
    const block = this.#block(this.#configurationOf(writer), this.#configurationOf(reader));
    count(squareOf(block.squares, `${writer.release}>${reader.release}`), finding);
    for (const [axis, squares] of this.#values) {
      count(squareOf(squares, condition.settings[axis] ?? ""), finding);
    }
  }

  #block(writer: string, reader: string) {
    const key = `${writer}>${reader}`;
    let block = this.#blocks.get(key);
    if (block === undefined) {
      block = { writer, reader, squares: new Map() };
      this.#blocks.set(key, block);
    }
    return block;
  }

  /** Few, whatever was run: combinations of values are counted together. */
  #shapeOf({ path, settings }: Condition): string {
    const disturbed = this.#axes.filter(({ name, per, neutral }) => {
      if (neutral === undefined) return false;
      if (per !== "hop") return settings[name] !== neutral;
      return path.some(({ inputs }) => (inputs[name] ?? neutral) !== neutral);
    });
    if (path.length > 2) return `${routeOf(path)}${disturbed.length > 0 ? ", disturbed" : ""}`;
    if (disturbed.length > 1) return "several axes at once";
    const [only] = disturbed;
    return only === undefined ? "pairs" : `${only.name}=${valueOn(only, { path, settings })}`;
  }

  /** The inputs of a hop, as they appear in its name. */
  #configurationOf({ inputs }: Hop): string {
    const omitted = neutralOf(this.#axes);
    const told = Object.entries(inputs).filter(([axis, value]) => omitted[axis] !== value);
    return told.map(([, value]) => value).join(",");
  }
}

function routeOf(path: Path): string {
  if (path.length > 3) return `${path.length} hops`;
  return path[0].release === path[2]?.release ? "A > B > A" : "A > B > C";
}

/** The value of an axis on a path, from which it is missing nowhere. */
function valueOn({ name, per, neutral }: Axis, { path, settings }: Condition): string | undefined {
  if (per !== "hop") return settings[name];
  return path.map(({ inputs }) => inputs[name]).find((value) => value !== neutral);
}

function squareOf(squares: Map<string, Square>, key: string): Square {
  let square = squares.get(key);
  if (square === undefined) {
    square = { conditions: 0, known: 0, surprising: 0, flaky: 0, worst: "unsupported" };
    squares.set(key, square);
  }
  return square;
}

function count(square: Square, { known, surprising, flaky, worst }: Finding): void {
  if (GRAVITY[worst] > GRAVITY[square.worst]) square.worst = worst;
  square.conditions++;
  if (flaky) square.flaky++;
  if (surprising) square.surprising++;
  else if (known) square.known++;
}

function findingOf(cells: ConditionResult["cells"]): Finding {
  let worst: VerdictKind = "unsupported";
  for (const { verdict } of cells) if (GRAVITY[verdict] > GRAVITY[worst]) worst = verdict;
  return {
    known: cells.some(({ expected }) => expected !== undefined),
    surprising: cells.some(({ surprise }) => surprise !== undefined),
    flaky: cells.some(({ flaky }) => flaky !== undefined),
    worst,
  };
}
