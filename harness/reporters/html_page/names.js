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
 * `host,privatepool`
 * @param {Hop} hop
 */
export function configurationOf({ inputs }) {
  return Object.values(inputs).join(",");
}

/**
 * `2505[host,privatepool]`
 * @param {Hop} hop
 */
export function hopName(hop) {
  const configuration = configurationOf(hop);
  return configuration === "" ? hop.release : `${hop.release}[${configuration}]`;
}

/**
 * Name of a condition, by which the command line selects it.
 * @param {Model} model
 * @param {number} condition
 */
export function conditionName(model, condition) {
  let implementation = "";
  const hops = hopsOf(model, condition).map((hop) => {
    const prefix = hop.implementation === implementation ? "" : `${hop.implementation}@`;
    implementation = hop.implementation;
    return prefix + hopName(hop);
  });
  const settings = settingsOf(model, condition).map(([axis, value]) => ` ${axis}=${value}`);
  return hops.join(">") + settings.join("");
}
