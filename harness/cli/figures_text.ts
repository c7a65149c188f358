/**
 * How our codecs stand beside their rivals, as a table of the README.
 *
 * @module
 */

export interface RivalRow {
  /** Such as `mesh decode ServicingState`. */
  readonly metric: string;
  readonly rival: string;
  /** The time of the rival over ours, and where it lies. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** By runtime: `node`, `deno`, `bun`. */
export type Figures = Readonly<
  Record<string, { readonly runtime: string; readonly rows: readonly RivalRow[] }>
>;

/** The lowest and the highest ratio of all subjects, for each thing that is done. */
export function figuresTable(figures: Figures): string {
  const all = Object.values(figures);
  const lines = new Set(all.flatMap(({ rows }) => rows.map(nameOf)));
  const cells = [...lines].map((name) => [name, ...all.map(({ rows }) => rangeOf(rows, name))]);
  const head = ["", ...all.map(({ runtime }) => runtime)];
  const rule = head.map((_, at) => (at === 0 ? "---" : "--:"));
  return `${[head, rule, ...cells].map((each) => `| ${each.join(" | ")} |`).join("\n")}\n`;
}

function nameOf({ metric, rival }: RivalRow): string {
  return `${metric.split(" ").slice(0, 2).join(" ")}, against ${rival}`;
}

function rangeOf(rows: readonly RivalRow[], name: string): string {
  const ratios = rows.filter((row) => nameOf(row) === name).map(({ ratio }) => ratio);
  if (ratios.length === 0) return "";
  return `${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)}`;
}
