/**
 * Rows and columns of the grid: writers and readers, by configuration and release.
 */
import { configurationOf, hopsOf } from "./names.js";

/** @import { Model } from "./decode.js" */
/** @import { Hop } from "../../path.ts" */

/** @typedef {{ configuration: string, release: string }} Line */

/**
 * @typedef {object} Lines
 * @property {Line[]} list
 * @property {Uint16Array} of Number of the line by condition.
 */

/**
 * @param {Model} model
 * @param {"writer" | "reader"} side
 * @param {boolean} merged One line per release, whatever its configuration.
 * @returns {Lines}
 */
export function linesOf(model, side, merged) {
  const several = new Set(model.data.hops.map((hop) => hop.implementation)).size > 1;
  const hops = Array.from(
    { length: model.conditions },
    (_, condition) => /** @type {Hop} */ (hopsOf(model, condition).at(side === "writer" ? 0 : -1)),
  );
  const order = model.data.hops.map((hop) => lineOf(model, hop, merged, several));
  order.sort(byPlan(model));
  /** @type {Map<string, number>} */
  const numbers = new Map();
  /** @type {Line[]} */
  const list = [];
  for (const line of order) {
    if (numbers.has(keyOf(line))) continue;
    numbers.set(keyOf(line), list.length);
    list.push(line);
  }
  const of = Uint16Array.from(hops, (hop) => {
    return numbers.get(keyOf(lineOf(model, hop, merged, several))) ?? 0;
  });
  return { list, of };
}

/**
 * Configurations in the order of the axes' values, releases in the order of the run.
 * @param {Model} model
 * @returns {(a: Line, b: Line) => number}
 */
function byPlan({ data }) {
  const axes = data.run.axes.filter((axis) => axis.per === "hop");
  const values = axes.flatMap((axis) => axis.values);
  /** @param {Line} line */
  const positions = ({ configuration, release }) => [
    ...configuration.split(",").map((value) => values.indexOf(value)),
    data.run.releases.indexOf(release),
  ];
  return (a, b) => {
    const right = positions(b);
    return (
      positions(a)
        .map((position, index) => position - (right[index] ?? 0))
        .find((difference) => difference !== 0) ?? 0
    );
  };
}

/**
 * @param {Model} model
 * @param {Hop} hop
 * @param {boolean} merged
 * @param {boolean} several True when the run has several implementations.
 * @returns {Line}
 */
function lineOf(model, hop, merged, several) {
  return {
    configuration: merged ? "" : configurationOf(model, hop),
    release: several ? `${hop.implementation}@${hop.release}` : hop.release,
  };
}

/** @param {Line} line */
function keyOf({ configuration, release }) {
  return JSON.stringify([configuration, release]);
}
