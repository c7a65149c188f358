/**
 * Distributions, and how their values are written.
 */
import { grouped } from "../html_page/dom.js";

/** Bars of a distribution at most. */
const BARS_MAX = 24;

/**
 * By nearest rank, as the program counts them. Undefined when there is none.
 * @param {readonly number[]} values
 */
export function quantiles(values) {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  /** @param {number} share */
  const at = (share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return { p50: at(0.5), p99: at(0.99), max: sorted[sorted.length - 1], min: sorted[0] };
}

/**
 * @typedef {object} Bar
 * @property {number} from
 * @property {number} to Excluded, but for the last bar.
 * @property {number} count
 */

/**
 * A bar for each value where there are few of them, else bars of one width.
 * @param {readonly number[]} values
 * @returns {Bar[]}
 */
export function barsOf(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size <= BARS_MAX) {
    const sorted = [...counts].sort(([left], [right]) => left - right);
    return sorted.map(([value, count]) => ({ from: value, to: value, count }));
  }
  const { min, max } = /** @type {{ min: number, max: number }} */ (quantiles(values));
  const width = (max - min) / BARS_MAX;
  const bars = Array.from({ length: BARS_MAX }, (_, index) => ({
    from: min + index * width,
    to: min + (index + 1) * width,
    count: 0,
  }));
  for (const value of values) {
    bars[Math.min(BARS_MAX - 1, Math.floor((value - min) / width))].count += 1;
  }
  return bars;
}

/**
 * `281.1 ms`, `29.0 KiB`, `1,255`.
 * @param {number} value
 * @param {string} unit
 */
export function written(value, unit) {
  if (unit === "µs" && Math.abs(value) >= 1000) return `${digits(value / 1000)} ms`;
  if (unit === "B" && Math.abs(value) >= 10_240) return `${digits(value / 1024)} KiB`;
  if (unit === "ms" && Math.abs(value) >= 10_000) return `${digits(value / 1000)} s`;
  return unit === "" ? digits(value) : `${digits(value)} ${unit}`;
}

/** @param {number} value */
function digits(value) {
  if (Number.isInteger(value)) return grouped(value);
  const [whole, part] = value.toFixed(Math.abs(value) < 10 ? 2 : 1).split(".");
  return `${grouped(Number(whole))}.${part}`;
}
