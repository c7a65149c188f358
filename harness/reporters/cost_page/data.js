/**
 * What the page was given, and what of it the reader has chosen.
 */
import { place } from "../html_page/dom.js";

/** @import { CostMetric, CostPageData } from "../cost_format.ts" */

/**
 * @typedef {object} Choice
 * @property {number} metric
 * @property {"p50" | "p99" | "max"} statistic
 * @property {string} split Name of a factor; empty for one map of all.
 * @property {boolean} configurations Rows and columns are configurations, too.
 * @property {ReadonlyMap<string, number>} only Number of the value that a factor must have.
 * @property {string} at Key of the square that is shown; empty for all hops.
 */

/**
 * Some hops, and where they stand.
 * @typedef {object} Square
 * @property {string} key
 * @property {string} map
 * @property {string} row
 * @property {string} column
 * @property {string} writer
 * @property {string} reader
 * @property {readonly number[]} hops
 */

/** @returns {CostPageData} */
export function readData() {
  return JSON.parse(place("report").textContent ?? "");
}

/**
 * @param {CostPageData} data
 * @param {string} name
 */
export function factorOf({ factors }, name) {
  return factors.find((factor) => factor.name === name);
}

/**
 * The value of a factor at a hop.
 * @param {CostPageData} data
 * @param {string} name
 * @param {number} hop
 */
export function valueAt(data, name, hop) {
  const factor = factorOf(data, name);
  return factor === undefined ? "" : factor.values[factor.of[hop]];
}

/**
 * The squares of all maps that have hops, in the order of the values of their factors.
 * @param {CostPageData} data
 * @param {Choice} choice
 * @returns {Square[]}
 */
export function squaresOf(data, { split, configurations, only }) {
  const wanted = [...only].map(([name, value]) => ({ of: factorOf(data, name)?.of ?? [], value }));
  const sides = configurations ? ["", ".configuration"] : [""];
  /** @type {Map<string, Square & { hops: number[] }>} */
  const squares = new Map();
  for (const hop of data.names.keys()) {
    if (wanted.some(({ of, value }) => of[hop] !== value)) continue;
    const map = split === "" ? "" : valueAt(data, split, hop);
    const [row, column] = ["writer", "reader"].map((side) =>
      sides.map((part) => valueAt(data, side + part, hop)).join(" "),
    );
    const key = JSON.stringify([map, row, column]);
    const known = squares.get(key);
    if (known !== undefined) known.hops.push(hop);
    else {
      const [writer, reader] = ["writer", "reader"].map((side) => valueAt(data, side, hop));
      squares.set(key, { key, map, row, column, writer, reader, hops: [hop] });
    }
  }
  return [...squares.values()];
}

/**
 * What `hops` cost, at all passes.
 * @param {CostMetric} metric
 * @param {readonly number[]} hops
 */
export function costsOf(metric, hops) {
  return hops.flatMap((hop) => metric.values[hop]);
}
