/**
 * Scene: what the views show for one state of the page. Selection and tally are kept from scene
 * to scene as long as the filters are the same.
 */
import { causesOf } from "./causes.js";
import { factorsOf } from "./factors.js";
import { linesOf } from "./lines.js";
import { select } from "./selection.js";
import { formatState, listing } from "./state.js";
import { tallyOf } from "./tally.js";

/** @import { Causes } from "./causes.js" */
/** @import { Model } from "./decode.js" */
/** @import { Factor } from "./factors.js" */
/** @import { Lines } from "./lines.js" */
/** @import { Selection } from "./selection.js" */
/** @import { State } from "./state.js" */
/** @import { Tally } from "./tally.js" */

/**
 * @typedef {object} Known What does not change while the page is open.
 * @property {Model} model
 * @property {Factor[]} factors
 * @property {Causes} causes
 * @property {Tally} whole Tally of every cell.
 * @property {(merged: boolean) => { rows: Lines, columns: Lines }} linesOf
 */

/**
 * @typedef {object} Scene
 * @property {Known} known
 * @property {State} state
 * @property {string} filterKey Equal for equal filters.
 * @property {Selection} selection
 * @property {Tally} tally
 * @property {Lines} rows
 * @property {Lines} columns
 */

/**
 * @param {Model} model
 * @param {State} unfiltered
 * @returns {Known}
 */
export function knownOf(model, unfiltered) {
  const causes = causesOf(model);
  const factors = factorsOf(model);
  const whole = tallyOf(model, causes, select(model, { factors, causes }, unfiltered));
  /** @type {Map<boolean, { rows: Lines, columns: Lines }>} */
  const lines = new Map();
  return {
    model,
    factors,
    causes,
    whole,
    linesOf(merged) {
      const built = lines.get(merged) ?? {
        rows: linesOf(model, "writer", merged),
        columns: linesOf(model, "reader", merged),
      };
      lines.set(merged, built);
      return built;
    },
  };
}

/**
 * @param {Known} known
 * @param {State} state
 * @param {Scene | undefined} before
 * @returns {Scene}
 */
export function sceneOf(known, state, before) {
  const filterKey = formatState(listing(state, { square: "", merged: false }));
  const lines = known.linesOf(state.merged);
  if (before?.filterKey === filterKey) return { ...before, ...lines, state };
  const selection = select(known.model, known, state);
  const tally = tallyOf(known.model, known.causes, selection);
  return { known, state, filterKey, selection, tally, ...lines };
}

/**
 * Conditions of the square that the state names, or all, with a selected cell.
 * @param {Scene} scene
 * @returns {number[]}
 */
export function conditionsOf({ state, tally, rows, columns }) {
  const all = [...tally.conditions.keys()];
  if (state.square === "") return all;
  const [row, column] = state.square.split(".").map(Number);
  return all.filter((condition) => rows.of[condition] === row && columns.of[condition] === column);
}
