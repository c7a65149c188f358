/**
 * Unpacks the data block: one number per cell in a typed array, everything else by reference.
 * Follows html_format.ts.
 */

/** @import { PageData } from "../html_format.ts" */

/**
 * @typedef {object} Outcome
 * @property {number} verdict Number of its kind in `kinds`.
 * @property {string} reason
 * @property {number} template Template of the reason, or -1.
 * @property {number} edge Edge that decided, or -1.
 * @property {string} expected Name of the expectation that foresaw it, or empty.
 * @property {string} surprise What was expected instead, or empty.
 * @property {string} flaky How often it showed what, or empty when all attempts agree.
 */

/** @typedef {{ event: string, release: string, detail: string }} Line */

/**
 * @typedef {object} Model
 * @property {PageData} data
 * @property {number} conditions How many.
 * @property {number} scenarios How many.
 * @property {Uint32Array} cells By condition, then scenario: 0 for no cell, else outcome + 1.
 * @property {readonly string[]} kinds
 * @property {readonly string[]} symbols
 * @property {readonly Outcome[]} outcomes
 * @property {ReadonlyMap<string, PageData["expectations"][number]>} expectations
 * @property {ReadonlyMap<number, string>} faults What the adapter did, by condition.
 */

/** From what every reader hopes for to what must be looked at first. */
const SEVERITY = ["unsupported", "passed", "failed", "refused", "hung", "crashed", "error"];

/**
 * @param {PageData} data
 * @returns {Model}
 */
export function decode(data) {
  const scenarios = data.scenarios.length;
  const conditions = data.conditions.length / 4;
  const cells = new Uint32Array(conditions * scenarios);
  for (let condition = 0; condition < conditions; condition += 1) {
    unpackRow(data.rows[data.conditions[condition * 4 + 3]], cells, condition * scenarios);
  }
  return {
    data,
    conditions,
    scenarios,
    cells,
    kinds: data.verdicts.map(([kind]) => kind),
    symbols: data.verdicts.map(([, symbol]) => symbol),
    outcomes: data.outcomes.map((entry) => outcomeOf(data, entry)),
    expectations: new Map(data.expectations.map((entry) => [entry.name, entry])),
    faults: new Map(data.faults.map(([condition, text]) => [condition, textOf(data, text)])),
  };
}

/**
 * @param {readonly number[]} row
 * @param {Uint32Array} cells
 * @param {number} start
 */
function unpackRow(row, cells, start) {
  let at = start;
  for (const code of row) {
    const end = code < 0 ? at - code : at + 1;
    cells.fill(code < 0 ? cells[at - 1] : code, at, end);
    at = end;
  }
}

/**
 * @param {PageData} data
 * @param {PageData["outcomes"][number]} entry
 * @returns {Outcome}
 */
function outcomeOf(data, [verdict, reason, edge, expected, surprise, flaky]) {
  return {
    verdict,
    reason: textOf(data, reason),
    template: reason < 0 ? -1 : data.texts[reason][0],
    edge,
    expected: textOf(data, expected),
    surprise: textOf(data, surprise),
    flaky: textOf(data, flaky),
  };
}

/**
 * Text by its number; empty when there is none.
 * @param {PageData} data
 * @param {number} number
 */
export function textOf(data, number) {
  if (number < 0) return "";
  const [template, ...numbers] = data.texts[number];
  return data.templates[template].map((piece, index) => piece + (numbers[index] ?? "")).join("");
}

/**
 * Transcript of a condition.
 * @param {Model} model
 * @param {number} condition
 * @returns {Line[]}
 */
export function transcriptOf({ data }, condition) {
  return data.transcripts[data.conditions[condition * 4 + 2]].map((line) => {
    const [event, release, detail] = data.lines[line].map((text) => textOf(data, text));
    return { event, release, detail };
  });
}

/**
 * How much an outcome calls for a look; a surprise outranks everything expected.
 * @param {Model} model
 * @param {Outcome} outcome
 */
export function rankOf({ kinds }, { verdict, surprise }) {
  const severity = SEVERITY.indexOf(kinds[verdict]);
  const rank = severity < 0 ? SEVERITY.length : severity;
  return surprise === "" ? rank : rank + 100;
}

/**
 * True for an outcome that is no pass although the question was asked.
 * @param {Model} model
 * @param {Outcome} outcome
 */
export function isBreak({ kinds }, { verdict }) {
  return kinds[verdict] !== "passed" && kinds[verdict] !== "unsupported";
}
