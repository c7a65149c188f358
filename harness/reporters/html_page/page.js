/**
 * The page: reads its data, follows the fragment of its address, and redraws what changed.
 */
import { renderCauses } from "./causes_view.js";
import { buildComparison } from "./compare_view.js";
import { decode } from "./decode.js";
import { place } from "./dom.js";
import { buildFilters, renderFilters } from "./filters_view.js";
import { markSquare, renderGrid } from "./grid_view.js";
import { oneUp, renderPanel } from "./panel_view.js";
import { knownOf, sceneOf } from "./scene.js";
import { formatState, listing, parseState } from "./state.js";
import { buildSummary, renderSummary } from "./summary_view.js";
import { watchTheme } from "./theme.js";

/** @import { Scene } from "./scene.js" */
/** @import { State } from "./state.js" */

const model = decode(JSON.parse(place("report").textContent ?? ""));
const known = knownOf(model, parseState(""));
/** @type {Scene} */
let scene = sceneOf(known, parseState(location.hash), undefined);
let drawn = location.hash;

buildSummary(scene, now, go);
buildFilters(scene, now, go);
buildComparison(model);
drawOverview();
markSquare(scene);
renderPanel(scene, false);
addEventListener("hashchange", follow);
watchSearch();
watchKeys();
watchTheme();
place("grid").dataset.ready = "true";

/**
 * Shows `state`; the address follows, and the page follows the address.
 * @param {State} state
 */
function go(state) {
  location.hash = formatState(state);
  follow();
}

/** State of the address, which may be ahead of the event that tells of it. */
function now() {
  follow();
  return scene.state;
}

function drawOverview() {
  renderSummary(scene);
  renderFilters(scene);
  renderGrid(scene);
  renderCauses(scene);
  place("merge").setAttribute("aria-pressed", String(scene.state.merged));
}

/** Draws what the address says, unless that is on the screen. */
function follow() {
  if (location.hash === drawn) return;
  drawn = location.hash;
  const before = scene;
  scene = sceneOf(known, parseState(drawn), before);
  const same = scene.filterKey === before.filterKey && scene.state.merged === before.state.merged;
  if (!same) drawOverview();
  markSquare(scene);
  renderPanel(scene, same);
}

function watchSearch() {
  const search = place("search");
  if (!(search instanceof HTMLInputElement)) return;
  search.addEventListener("input", () => {
    location.replace(formatState(listing(now(), { query: search.value })));
    follow();
  });
}

function watchKeys() {
  addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement;
    if (event.key === "/" && !typing) {
      event.preventDefault();
      place("search").focus();
    }
    if (event.key !== "Escape" || typing) return;
    follow();
    const up = oneUp(scene);
    if (up !== undefined) go(up);
  });
  place("skip").addEventListener("click", () => {
    const squares = [...place("grid").querySelectorAll("a")];
    squares.find(({ tabIndex }) => tabIndex === 0)?.focus();
  });
  place("merge").addEventListener("click", () => {
    const state = now();
    go(listing(state, { merged: !state.merged, square: "" }));
  });
}
