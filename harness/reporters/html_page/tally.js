/**
 * Tally: one pass over the selected cells, summed up for the grid, the causes and the lists.
 */
import { isBreak, rankOf } from "./decode.js";
import { hopsOf } from "./names.js";
import { eachCell } from "./selection.js";

/** @import { Model } from "./decode.js" */
/** @import { Causes } from "./causes.js" */
/** @import { Selection } from "./selection.js" */

/**
 * Sums of a set of cells.
 * @typedef {object} Sum
 * @property {number} cells
 * @property {number} breaks
 * @property {number} surprises
 * @property {number} flaky Cells whose attempts did not agree.
 * @property {number} worst Outcome that most calls for a look, or -1.
 * @property {number[]} verdicts Cells by kind of verdict.
 */

/**
 * @typedef {object} CauseSum
 * @property {number} cells
 * @property {number} flaky
 * @property {number} conditions
 * @property {number} condition The one seen last.
 * @property {number} edge The one seen last.
 * @property {Map<string, Set<string>>} readers Releases that read, by release that wrote.
 */

/**
 * @typedef {object} Tally
 * @property {Sum} total
 * @property {Map<number, Sum>} conditions
 * @property {CauseSum[]} causes
 */

/** @returns {Sum} */
export function emptySum() {
  return { cells: 0, breaks: 0, surprises: 0, flaky: 0, worst: -1, verdicts: [] };
}

/**
 * @param {Model} model
 * @param {Causes} causes
 * @param {Selection} selection
 * @returns {Tally}
 */
export function tallyOf(model, causes, selection) {
  const ranks = model.outcomes.map((outcome) => rankOf(model, outcome));
  const breaks = model.outcomes.map((outcome) => Number(isBreak(model, outcome)));
  const sums = causes.list.map(() => ({
    cells: 0,
    flaky: 0,
    conditions: 0,
    condition: -1,
    edge: -1,
    readers: new Map(),
  }));
  const total = emptySum();
  /** @type {Map<number, Sum>} */
  const conditions = new Map();
  for (let condition = 0; condition < model.conditions; condition += 1) {
    const sum = emptySum();
    eachCell(model, selection, condition, (_scenario, number) => {
      const { verdict, surprise, edge, flaky } = model.outcomes[number];
      sum.cells += 1;
      sum.breaks += breaks[number];
      sum.surprises += surprise === "" ? 0 : 1;
      sum.flaky += Number(flaky !== "");
      sum.verdicts[verdict] = (sum.verdicts[verdict] ?? 0) + 1;
      if (sum.worst < 0 || ranks[number] > ranks[sum.worst]) sum.worst = number;
      if (causes.of[number] < 0) return;
      const cause = sums[causes.of[number]];
      cause.flaky += Number(flaky !== "");
      addCause(model, cause, condition, edge);
    });
    if (sum.cells === 0) continue;
    conditions.set(condition, sum);
    addSum(model, total, sum);
  }
  return { total, conditions, causes: sums };
}

/**
 * Adds `sum` to `total`.
 * @param {Model} model
 * @param {Sum} total
 * @param {Sum} sum
 */
export function addSum(model, total, sum) {
  total.cells += sum.cells;
  total.breaks += sum.breaks;
  total.surprises += sum.surprises;
  total.flaky += sum.flaky;
  sum.verdicts.forEach((count, verdict) => {
    total.verdicts[verdict] = (total.verdicts[verdict] ?? 0) + count;
  });
  if (total.worst < 0 || rankAt(model, sum.worst) > rankAt(model, total.worst)) {
    total.worst = sum.worst;
  }
}

/**
 * @param {Model} model
 * @param {number} outcome
 */
export function rankAt(model, outcome) {
  return outcome < 0 ? -1 : rankOf(model, model.outcomes[outcome]);
}

/**
 * @param {Model} model
 * @param {CauseSum} sum
 * @param {number} condition
 * @param {number} edge
 */
function addCause(model, sum, condition, edge) {
  sum.cells += 1;
  if (sum.condition === condition && sum.edge === edge) return;
  if (sum.condition !== condition) sum.conditions += 1;
  Object.assign(sum, { condition, edge });
  const hops = hopsOf(model, condition);
  const writer = hops[Math.max(edge, 0)]?.release ?? "";
  const reader = (edge < 0 ? hops.at(-1) : hops[edge + 1])?.release ?? "";
  sum.readers.set(writer, (sum.readers.get(writer) ?? new Set()).add(reader));
}
