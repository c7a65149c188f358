/**
 * Names of hops, paths and conditions, as harness/path.ts and harness/condition.ts spell them.
 */

/** @import { Model } from "./decode.js" */
/** @import { Hop } from "../../path.ts" */

/**
 * The hops of a condition.
 * @param {Model} model
 * @param {number} condition
 * @returns {Hop[]}
 */
export function hopsOf({ data }, condition) {
  return data.paths[data.conditions[condition * 4]].map((hop) => data.hops[hop]);
}

/**
 * @param {Model} model
 * @param {number} condition
 * @returns {[axis: string, value: string][]}
 */
export function settingsOf({ data }, condition) {
  return Object.entries(data.settings[data.conditions[condition * 4 + 1]]);
}

/**
 * `host,privatepool`: the inputs of a hop that are not neutral.
 * @param {Model} model
 * @param {Hop} hop
 */
export function configurationOf(model, { inputs }) {
  const told = Object.entries(inputs).filter(tellsOf(model));
  return told.map(([, value]) => value).join(",");
}

/**
 * `2505[host,privatepool]`
 * @param {Model} model
 * @param {Hop} hop
 */
export function hopName(model, hop) {
  return named(hop.release, configurationOf(model, hop));
}

/**
 * Name of a condition, by which the command line selects it: without neutral values.
 * @param {Model} model
 * @param {number} condition
 */
export function conditionName(model, condition) {
  const tells = tellsOf(model);
  let implementation = "";
  const hops = hopsOf(model, condition).map((hop) => {
    const prefix = hop.implementation === implementation ? "" : `${hop.implementation}@`;
    implementation = hop.implementation;
    return prefix + hopName(model, hop);
  });
  const settings = settingsOf(model, condition).filter(tells);
  return hops.join(">") + settings.map(([axis, value]) => ` ${axis}=${value}`).join("");
}

/**
 * Whether a name tells the value of an axis, which it does unless that is the neutral one.
 * @param {Model} model
 * @returns {(entry: [axis: string, value: string]) => boolean}
 */
export function tellsOf({ data }) {
  const neutral = new Map(data.run.axes.map((axis) => [axis.name, axis.neutral]));
  return ([axis, value]) => neutral.get(axis) !== value;
}

/**
 * @param {string} release
 * @param {string} configuration
 */
function named(release, configuration) {
  return configuration === "" ? release : `${release}[${configuration}]`;
}
