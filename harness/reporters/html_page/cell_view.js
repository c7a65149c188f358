/**
 * One cell: what was claimed, by which source, what happened, and whether it was foreseen.
 */
import { settingsView } from "./cells_view.js";
import { element, linked } from "./dom.js";
import { guestView } from "./guest_view.js";
import { badge } from "./marks.js";
import { conditionName } from "./names.js";
import { pathView, transcriptView } from "./path_view.js";
import { tokenOf } from "./tokens.js";

/** @import { Scene } from "./scene.js" */
/** @import { Outcome } from "./decode.js" */

/**
 * @param {Scene} scene
 * @returns {(Node | string)[]}
 */
export function cellView(scene) {
  const { model } = scene.known;
  const { condition, scenario } = scene.state;
  const number = model.cells[condition * model.scenarios + scenario] - 1;
  if (!(number >= 0)) return [element("p", { class: "muted" }, "This condition has no such cell")];
  const outcome = model.outcomes[number];
  const { must, source } = model.data.scenarios[scenario];
  return [
    element("p", { class: "verdict" }, badge(model, number)),
    element(
      "dl",
      {},
      ...entry("Must", must || "unknown"),
      ...entry("Source", linked(source || "unknown")),
      ...(outcome.surprise === "" ? [] : entry("Expected", outcome.surprise, "surprise-text")),
      ...(outcome.flaky === "" ? [] : entry("Rate", outcome.flaky)),
      ...(outcome.reason === "" ? [] : entry("Reason", outcome.reason, "reason-text")),
      ...expectationEntries(scene, outcome),
    ),
    element("h3", {}, "Path"),
    pathView(model, condition, outcome.edge),
    settingsView(scene),
    ...guestView(model, condition),
    element("h3", {}, "Transcript"),
    transcriptView(model, condition),
    element("h3", {}, "Name of the condition"),
    element("code", { class: "condition-name" }, conditionName(model, condition)),
    element("h3", {}, "Run it again"),
    element(
      "code",
      { class: "condition-name replay" },
      `--replay ${tokenOf(model, condition, scenario)}`,
    ),
  ];
}

/**
 * @param {string} term
 * @param {Node | string} text
 * @param {string} style
 */
function entry(term, text, style = "") {
  return [element("dt", {}, term), element("dd", { class: style }, text)];
}

/**
 * @param {Scene} scene
 * @param {Outcome} outcome
 */
function expectationEntries({ known: { model } }, { expected }) {
  if (expected === "") return [];
  const found = model.expectations.get(expected);
  if (found === undefined) return entry("Known as", expected);
  const factors = Object.entries(found.factors).map(([name, value]) =>
    element("span", { class: "setting" }, element("i", {}, name), ` ${[value].flat().join(" | ")}`),
  );
  return [
    ...entry("Known as", expected),
    ...entry("Note", found.note),
    ...entry("Link", linked(found.link)),
    ...entry("Where", element("span", { class: "settings" }, ...factors)),
  ];
}
