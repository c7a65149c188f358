/**
 * Cells of one condition: its path, what really happened, and a line per scenario, worst first.
 */
import { counted, element } from "./dom.js";
import { guestView } from "./guest_view.js";
import { glyph } from "./marks.js";
import { settingsOf } from "./names.js";
import { pathView, transcriptView } from "./path_view.js";
import { eachCell } from "./selection.js";
import { formatState } from "./state.js";
import { rankAt } from "./tally.js";

/** @import { Scene } from "./scene.js" */

/** @typedef {{ scenario: number, outcome: number }} Cell */

/**
 * @param {Scene} scene
 * @returns {(Node | string)[]}
 */
export function cellsView(scene) {
  const { known, state } = scene;
  const { model } = known;
  const { condition } = state;
  const every = everyCell(model, condition);
  const matching = state.all ? every : selectedCells(scene);
  matching.sort((a, b) => rankAt(model, b.outcome) - rankAt(model, a.outcome));
  const bad = matching.filter(({ outcome }) => rankAt(model, outcome) > 1);
  const edges = bad.map(({ outcome }) => model.outcomes[outcome].edge).filter((edge) => edge >= 0);
  const fault = model.faults.get(condition);
  return [
    fault === undefined ? "" : element("p", { class: "notice bad" }, `Adapter at fault: ${fault}`),
    pathView(model, condition, edges.length === 0 ? -1 : Math.min(...edges)),
    settingsView(scene),
    ...guestView(model, condition),
    element(
      "h3",
      {},
      counted(matching.length, "cell"),
      ...hiddenNote(scene, every.length - matching.length),
    ),
    element("ul", { class: "list" }, ...matching.map((cell) => itemOf(scene, cell))),
    element("h3", {}, "Transcript"),
    transcriptView(model, condition),
  ];
}

/** @param {Scene} scene */
export function settingsView({ known: { model }, state: { condition } }) {
  const settings = settingsOf(model, condition).map(([axis, value]) =>
    element("span", { class: "setting" }, element("i", {}, axis), ` ${value}`),
  );
  return element("p", { class: "settings" }, ...settings);
}

/**
 * @param {Scene["known"]["model"]} model
 * @param {number} condition
 * @returns {Cell[]}
 */
function everyCell(model, condition) {
  const start = condition * model.scenarios;
  const outcomes = [...model.cells.subarray(start, start + model.scenarios)];
  return outcomes
    .map((code, scenario) => ({ scenario, outcome: code - 1 }))
    .filter(({ outcome }) => outcome >= 0);
}

/**
 * @param {Scene} scene
 * @returns {Cell[]}
 */
function selectedCells({ known, selection, state }) {
  /** @type {Cell[]} */
  const cells = [];
  eachCell(known.model, selection, state.condition, (scenario, outcome) => {
    cells.push({ scenario, outcome });
  });
  return cells;
}

/**
 * @param {Scene} scene
 * @param {number} hidden
 */
function hiddenNote({ state }, hidden) {
  if (hidden <= 0) return [];
  const href = formatState({ ...state, all: true });
  return [" ", element("a", { href, class: "note" }, `show ${hidden} more that the filters hide`)];
}

/**
 * @param {Scene} scene
 * @param {Cell} cell
 */
function itemOf({ known: { model }, state }, { scenario, outcome }) {
  const { reason, surprise, flaky } = model.outcomes[outcome];
  const lines = [element("span", { class: "scenario" }, model.data.scenarios[scenario].id)];
  if (surprise !== "") lines.push(element("span", { class: "expected" }, surprise));
  if (reason !== "") lines.push(element("span", { class: "reason" }, reason));
  if (flaky !== "") lines.push(element("span", { class: "expected" }, flaky));
  return element(
    "li",
    {},
    element(
      "a",
      { href: formatState({ ...state, scenario }), class: "item" },
      glyph(model, outcome),
      element("span", { class: "name" }, ...lines),
    ),
  );
}
