/**
 * Panel: from the conditions to the cells of one to a single cell, with the way back.
 */
import { cellView } from "./cell_view.js";
import { cellsView } from "./cells_view.js";
import { conditionsView } from "./conditions_view.js";
import { element, place } from "./dom.js";
import { hopName, hopsOf } from "./names.js";
import { formatState, listing } from "./state.js";

/** @import { Scene } from "./scene.js" */
/** @import { State } from "./state.js" */

/**
 * @param {Scene} scene
 * @param {boolean} focus Move the focus to the new title.
 */
export function renderPanel(scene, focus) {
  const steps = stepsOf(scene);
  const here = steps.at(-1);
  const title = element("h2", { tabindex: "-1", id: "panel-title" }, here?.label ?? "");
  const crumbs = steps
    .slice(0, -1)
    .map(({ label, state }) =>
      element("li", {}, element("a", { href: formatState(state) }, label)),
    );
  const nav = element(
    "nav",
    { "aria-label": "Way back" },
    element("ol", { class: "crumbs" }, ...crumbs),
  );
  const panel = place("panel");
  panel.replaceChildren(nav, title, ...contentOf(scene));
  panel.scrollTop = 0;
  if (focus) title.focus();
}

/**
 * State one step up, or undefined at the top.
 * @param {Scene} scene
 */
export function oneUp(scene) {
  return stepsOf(scene).at(-2)?.state;
}

/** @param {Scene} scene */
function contentOf(scene) {
  const { model } = scene.known;
  const { condition, scenario } = scene.state;
  if (!(condition >= 0 && condition < model.conditions)) return conditionsView(scene);
  return scenario >= 0 && scenario < model.scenarios ? cellView(scene) : cellsView(scene);
}

/**
 * The way from all conditions to what is shown.
 * @param {Scene} scene
 * @returns {{ label: string, state: State }[]}
 */
function stepsOf({ known: { model }, state, rows, columns }) {
  const steps = [{ label: "All conditions", state: listing(state, { square: "" }) }];
  const [from, to] = state.square.split(".").map(Number);
  const [row, column] = [rows.list[from], columns.list[to]];
  if (state.square !== "" && row !== undefined && column !== undefined) {
    const label = `${hopLabel(row)} → ${hopLabel(column)}`;
    steps.push({ label, state: listing(state, {}) });
  }
  if (!(state.condition >= 0 && state.condition < model.conditions)) return steps;
  const hops = hopsOf(model, state.condition)
    .map((hop) => hopName(model, hop))
    .join(" → ");
  const label = steps.length > 1 ? "Condition" : hops;
  steps.push({ label, state: { ...state, scenario: -1 } });
  const scenario = model.data.scenarios[state.scenario];
  if (scenario !== undefined) steps.push({ label: scenario.id, state });
  return steps;
}

/** @param {{ configuration: string, release: string }} line */
function hopLabel({ configuration, release }) {
  return configuration === "" ? release : `${release}[${configuration}]`;
}
