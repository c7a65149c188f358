/**
 * Selection: which cells the filters and the search leave.
 */
import { conditionName } from "./names.js";

/** @import { Model } from "./decode.js" */
/** @import { Causes } from "./causes.js" */
/** @import { Factor } from "./factors.js" */
/** @import { State } from "./state.js" */

/** @typedef {{ conditions: Uint8Array, scenarios: Uint8Array, outcomes: Uint8Array }} Masks */

/**
 * @typedef {object} Selection
 * @property {Masks} wanted A cell needs all three.
 * @property {Masks[]} words Words searched for; a cell needs any of the three, for each word.
 */

/**
 * @param {Model} model
 * @param {{ factors: Factor[], causes: Causes }} known
 * @param {State} state
 * @returns {Selection}
 */
export function select(model, { factors, causes }, { filters, query, cause }) {
  const { kinds, data } = model;
  const verdicts = filters.get("verdict");
  const results = filters.get("result");
  const scenarios = filters.get("scenario");
  const wantedCause = causes.list.findIndex(({ key }) => key === cause);
  return {
    wanted: {
      conditions: conditionMask(model, factors, filters),
      scenarios: mask(data.scenarios, ({ id }) => scenarios?.has(id) ?? true),
      outcomes: mask(model.outcomes, (outcome, index) => {
        if (verdicts !== undefined && !verdicts.has(kinds[outcome.verdict])) return false;
        if (results !== undefined && !resultsOf(outcome).some((it) => results.has(it)))
          return false;
        return cause === "" || causes.of[index] === wantedCause;
      }),
    },
    words: query
      .toLowerCase()
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => wordMasks(model, word)),
  };
}

/**
 * A cell may be flaky, and known or unexpected, too.
 * @param {{ expected: string, surprise: string, flaky: string }} outcome
 */
function resultsOf({ expected, surprise, flaky }) {
  const foreseen = surprise !== "" ? "unexpected" : expected === "" ? "" : "known";
  return flaky === "" ? [foreseen] : [foreseen, "flaky"];
}

/**
 * @template T
 * @param {readonly T[]} list
 * @param {(entry: T, index: number) => boolean} wants
 */
function mask(list, wants) {
  return Uint8Array.from(list, (entry, index) => Number(wants(entry, index)));
}

/**
 * @param {Model} model
 * @param {Factor[]} factors
 * @param {State["filters"]} filters
 */
function conditionMask(model, factors, filters) {
  const conditions = new Uint8Array(model.conditions).fill(1);
  for (const { name, values, column } of factors) {
    const wanted = filters.get(name);
    if (wanted === undefined) continue;
    const keeps = mask(values, (value) => wanted.has(value));
    column.forEach((value, condition) => {
      if (keeps[value] === 0) conditions[condition] = 0;
    });
  }
  return conditions;
}

/**
 * @param {Model} model
 * @param {string} word
 * @returns {Masks}
 */
function wordMasks(model, word) {
  /** @param {string} text */
  const holds = (text) => text.toLowerCase().includes(word);
  const conditions = new Uint8Array(model.conditions);
  for (let condition = 0; condition < model.conditions; condition += 1) {
    conditions[condition] = Number(holds(conditionName(model, condition)));
  }
  return {
    conditions,
    scenarios: mask(model.data.scenarios, ({ id, must }) => holds(id) || holds(must)),
    outcomes: mask(model.outcomes, ({ reason, expected, surprise }) =>
      [reason, expected, surprise].some(holds),
    ),
  };
}

/**
 * Visits the selected cells of a condition.
 * @param {Model} model
 * @param {Selection} selection
 * @param {number} condition
 * @param {(scenario: number, outcome: number) => void} visit
 */
export function eachCell(model, { wanted, words }, condition, visit) {
  if (wanted.conditions[condition] === 0) return;
  const start = condition * model.scenarios;
  for (let scenario = 0; scenario < model.scenarios; scenario += 1) {
    const outcome = model.cells[start + scenario] - 1;
    if (outcome < 0 || wanted.scenarios[scenario] === 0 || wanted.outcomes[outcome] === 0) continue;
    const found = words.every(
      (word) => word.conditions[condition] + word.scenarios[scenario] + word.outcomes[outcome] > 0,
    );
    if (found) visit(scenario, outcome);
  }
}
