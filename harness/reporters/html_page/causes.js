/**
 * Causes: why cells broke. Outcomes that one expectation foresaw have one cause; so have
 * unexpected outcomes whose reasons differ by numbers only.
 */
import { isBreak, rankOf } from "./decode.js";

/** @import { Model, Outcome } from "./decode.js" */

/**
 * @typedef {object} Cause
 * @property {string} key Names it in the address of the page.
 * @property {boolean} unexpected
 * @property {string} expectation Name, or empty.
 * @property {number} sample An outcome of it.
 * @property {number} rank
 */

/** @typedef {{ list: Cause[], of: Int32Array }} Causes `of` gives -1 for an outcome without. */

/**
 * @param {Model} model
 * @returns {Causes}
 */
export function causesOf(model) {
  const of = new Int32Array(model.outcomes.length).fill(-1);
  /** @type {Map<string, number>} */
  const numbers = new Map();
  /** @type {Cause[]} */
  const list = [];
  model.outcomes.forEach((outcome, index) => {
    const key = keyOf(model, outcome);
    if (key === "") return;
    const known = numbers.get(key);
    of[index] = known ?? list.length;
    if (known !== undefined) return;
    numbers.set(key, list.length);
    list.push({
      key,
      unexpected: outcome.surprise !== "",
      expectation: outcome.surprise === "" ? outcome.expected : "",
      sample: index,
      rank: rankOf(model, outcome),
    });
  });
  return { list, of };
}

/**
 * @param {Model} model
 * @param {Outcome} outcome
 */
function keyOf(model, outcome) {
  const kind = model.kinds[outcome.verdict];
  if (outcome.surprise !== "") {
    const text = outcome.template < 0 ? outcome.surprise : outcome.template;
    return `unexpected:${kind}:${text}`;
  }
  if (outcome.expected !== "") return `known:${outcome.expected}`;
  return isBreak(model, outcome) ? `unlisted:${kind}:${outcome.template}` : "";
}
