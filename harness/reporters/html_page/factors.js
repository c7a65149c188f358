/**
 * Factors: what conditions differ by, each a column of small numbers for filters. Writer is the
 * first hop of a path and reader its last one, as in the grid; so the writer is what selection
 * and expectations call `first` too.
 */
import { hopsOf, settingsOf } from "./names.js";

/** @import { Model } from "./decode.js" */
/** @import { Axis } from "../../axis.ts" */

/**
 * @typedef {object} Factor
 * @property {string} name
 * @property {string} label
 * @property {string} meaning
 * @property {string[]} values
 * @property {Uint16Array} column Number of the value by condition.
 */

/** Value of what the host asks for at each save, where that is not the same. */
const CHANGES = "changes";

/**
 * Factors with a choice.
 * @param {Model} model
 * @returns {Factor[]}
 */
export function factorsOf(model) {
  const { axes, releases } = model.data.run;
  const perHop = axes.filter((axis) => axis.per === "hop");
  const settings = axes.filter((axis) => axis.per !== "hop");
  const factors = [
    hopFactor(model, "writer", releases, "release", "release of the first boot (first)"),
    ...perHop.map((axis) => hopFactor(model, "writer", axis.values, axis.name, axis.meaning)),
    hopFactor(model, "reader", releases, "release", "release of the last restore"),
    ...perHop.map((axis) => hopFactor(model, "reader", axis.values, axis.name, axis.meaning)),
    column(model, "hops", "path", [], (condition) => `${hopsOf(model, condition).length} hops`),
    column(model, "via", "via", ["direct", ...releases], (condition) => viaOf(model, condition)),
    ...settings.flatMap((axis) => settingFactors(model, axis)),
  ];
  return factors.filter(({ values }) => values.length > 1);
}

/**
 * @param {Model} model
 * @param {"writer" | "reader"} side
 * @param {readonly string[]} values
 * @param {string} axis
 * @param {string} meaning
 * @returns {Factor}
 */
function hopFactor(model, side, values, axis, meaning) {
  const name = axis === "release" ? side : `${side}.${axis}`;
  const label = axis === "release" ? side : `${side} ${axis}`;
  const built = column(model, name, label, values, (condition) => {
    const hop = hopsOf(model, condition).at(side === "writer" ? 0 : -1);
    return (axis === "release" ? hop?.release : hop?.inputs[axis]) ?? "";
  });
  return { ...built, meaning };
}

/**
 * Releases between the first writer and the last reader.
 * @param {Model} model
 * @param {number} condition
 */
function viaOf(model, condition) {
  const between = hopsOf(model, condition).slice(1, -1);
  return between.length === 0 ? "direct" : between.map(({ release }) => release).join(" > ");
}

/**
 * The factor of an axis, and one for each part of its values.
 * @param {Model} model
 * @param {Axis} axis
 * @returns {Factor[]}
 */
function settingFactors(model, { name, values, parts = [], meaning }) {
  const whole = column(model, name, name, [...values, CHANGES], (condition) => {
    const value = settingOf(model, condition, name);
    return value.includes(">") ? CHANGES : value;
  });
  const split = parts.map((part, index) =>
    column(model, `${name}.${part}`, `${name} ${part}`, [], (condition) => {
      const value = settingOf(model, condition, name);
      return value.split(":").length === parts.length ? value.split(":")[index] : value;
    }),
  );
  return [whole, ...split].map((factor) => ({ ...factor, meaning }));
}

/**
 * @param {Model} model
 * @param {number} condition
 * @param {string} axis
 */
function settingOf(model, condition, axis) {
  return settingsOf(model, condition).find(([name]) => name === axis)?.[1] ?? "";
}

/**
 * @param {Model} model
 * @param {string} name
 * @param {string} label
 * @param {readonly string[]} order Values in the order to show them; only those in use are.
 * @param {(condition: number) => string} valueAt
 * @returns {Factor}
 */
function column(model, name, label, order, valueAt) {
  const found = Array.from({ length: model.conditions }, (_, condition) => valueAt(condition));
  const used = new Set(found);
  const values = [...new Set([...order.filter((value) => used.has(value)), ...used])];
  const numbers = new Map(values.map((value, index) => [value, index]));
  const numbered = Uint16Array.from(found, (value) => numbers.get(value) ?? 0);
  return { name, label, meaning: label, values, column: numbered };
}
