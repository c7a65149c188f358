/**
 * What a soak showed: every quantity before the first update, after it and at the end, and by name
 * whatever grew.
 *
 * @module
 */
import type { Trend } from "../growth.ts";
import type { KnownGrowth } from "../known_growth.ts";
import { type SoakSample, trendsOf } from "../soak.ts";
import type { Json } from "./product.ts";

/** A quantity that grew, and what is known of that. */
interface Growth {
  readonly vital: string;
  readonly trend: Trend;
  readonly known?: KnownGrowth;
}

export class SoakResult {
  readonly release: string;
  readonly samples: readonly SoakSample[];
  readonly trends: ReadonlyMap<string, Trend>;
  readonly growths: readonly Growth[];
  readonly problems: readonly SoakSample[];
  /** Known growths that did not show in a soak that came to its end. */
  readonly stale: readonly KnownGrowth[];
  /** Updates that were done. */
  readonly done: number;

  constructor(
    release: string,
    known: readonly KnownGrowth[],
    samples: readonly SoakSample[],
    updates: number,
  ) {
    const mine = known.filter(({ releases }) => releases.includes(release));
    this.release = release;
    this.samples = samples;
    this.trends = trendsOf(samples);
    this.growths = [...this.trends]
      .filter(([, { grows }]) => grows)
      .map(([vital, trend]) => {
        const found = mine.find(({ vitals }) => vitals.includes(vital));
        return { vital, trend, ...(found === undefined ? {} : { known: found }) };
      });
    this.problems = samples.filter(({ problem }) => problem !== undefined);
    this.done = samples.at(-1)?.updates ?? 0;
    const seen = new Set(this.growths.map((growth) => growth.known));
    this.stale = this.done < updates ? [] : mine.filter((growth) => !seen.has(growth));
  }

  get asExpected(): boolean {
    const unknown = this.growths.some(({ known }) => known === undefined);
    return !unknown && this.problems.length === 0 && this.stale.length === 0;
  }
}

export function soakText(result: SoakResult): string {
  const { release, samples, growths, problems, stale, done } = result;
  const lines = [...tableOf(result), ""];
  for (const { updates, problem } of problems) {
    lines.push(`After ${grouped(updates)} updates: ${problem}`);
  }
  for (const { vital, trend, known } of growths) {
    const { first, last, slope } = trend;
    const by = `${grouped(first)} to ${grouped(last)}, ${rateOf(slope)}`;
    lines.push(`Grows: ${vital}, ${by}${known === undefined ? "" : `; known as ${known.name}`}`);
    if (known !== undefined) lines.push(`  ${known.note}`, `  ${known.link}`);
  }
  for (const { name, vitals } of stale) {
    lines.push(`Stale: ${name}, as ${vitals.join(" and ")} did not grow`);
  }
  const counts = [
    counted(samples.length, "sample"),
    counted(problems.length, "problem"),
    counted(growths.length, "growth"),
  ].join(", ");
  lines.push(`${grouped(done)} updates of ${release}: ${counts}`);
  return `${lines.join("\n")}\n`;
}

function tableOf({ samples, trends }: SoakResult): string[] {
  const started = samples[0]?.vitals ?? {};
  const rows = [...trends].map(([vital, { first, last, slope, grows }]) => {
    const before = started[vital];
    const values = [before, first, last].map((value) =>
      value === undefined ? "" : grouped(value),
    );
    return [vital, ...values, rateOf(slope), grows ? "grows" : ""];
  });
  const all = [["held", "started", "first", "last", "trend", ""], ...rows];
  const widths = (all[0] ?? []).map((_title, column) =>
    Math.max(...all.map((row) => (row[column] ?? "").length)),
  );
  return all.map((row) =>
    row
      .map((text, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? text.padEnd(width) : text.padStart(width);
      })
      .join("  ")
      .trimEnd(),
  );
}

export function soakJson(result: SoakResult, path: string): Json {
  const { release, trends, growths, problems, stale, done, asExpected } = result;
  return {
    release,
    updates: done,
    asExpected,
    trends: Object.fromEntries(trends),
    growths: growths.map(({ vital, trend, known }) => ({
      vital,
      ...trend,
      known: known?.name ?? null,
    })),
    problems: problems.map(({ updates, problem }) => ({ updates, problem })),
    stale: stale.map(({ name }) => name),
    samples: path,
  } as unknown as Json;
}

function rateOf(slope: number): string {
  return slope === 0 ? "level" : `${(slope * 1000).toFixed(2)} per 1,000 updates`;
}

function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}
