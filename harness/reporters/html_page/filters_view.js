/**
 * Filters: one group of toggles per factor. Built once, so that the focus stays where it is.
 */
import { counted, element, place } from "./dom.js";
import { filtered, isFiltered, listing, toggled } from "./state.js";

/** @import { Factor } from "./factors.js" */
/** @import { Scene } from "./scene.js" */
/** @import { State } from "./state.js" */

/** More values than these are a list to choose from. */
const TOGGLES_MAX = 8;

/**
 * @param {Scene} scene
 * @param {() => State} now
 * @param {(state: State) => void} go
 */
export function buildFilters({ known: { model, factors } }, now, go) {
  const box = place("factors");
  const scenarios = model.data.scenarios.map(({ id }) => id);
  const rows = Map.groupBy(factors, ({ name }) => sideOf(name));
  for (const side of ["writer", "reader", ""]) {
    const controls = (rows.get(side) ?? []).map(control);
    if (side === "") controls.push(choice("scenario", "scenario", scenarios));
    if (controls.length > 0) box.append(element("div", { class: "factor-row" }, ...controls));
  }
  if (matchMedia("(max-width: 760px)").matches) place("filters").removeAttribute("open");
  box.addEventListener("click", ({ target }) => {
    if (!(target instanceof HTMLButtonElement)) return;
    go(toggled(now(), target.name, target.value));
  });
  box.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLSelectElement)) return;
    go(filtered(now(), target.name, new Set(target.selectedIndex > 0 ? [target.value] : [])));
  });
  place("clear").addEventListener("click", () => {
    go(listing(now(), { filters: new Map(), query: "", cause: "" }));
  });
}

/**
 * Row of a factor: those of the writer, those of the reader, the others.
 * @param {string} name
 * @returns {string}
 */
function sideOf(name) {
  const [side] = name.split(".");
  return side === "writer" || side === "reader" ? side : "";
}

/** @param {Factor} factor */
function control({ name, label, meaning, values }) {
  if (values.length > TOGGLES_MAX) return choice(name, label, values);
  return toggles(name, label, meaning, values);
}

/**
 * @param {string} name
 * @param {string} label
 * @param {string} meaning
 * @param {readonly string[]} values
 */
function toggles(name, label, meaning, values) {
  return element(
    "fieldset",
    { title: meaning },
    element("legend", {}, label),
    ...values.map((value) =>
      element(
        "button",
        { type: "button", class: "toggle", name, value, "aria-pressed": "false" },
        value || "-",
      ),
    ),
  );
}

/**
 * @param {string} name
 * @param {string} label
 * @param {readonly string[]} values
 */
function choice(name, label, values) {
  return element(
    "label",
    { class: "choice" },
    element("span", {}, label),
    element(
      "select",
      { name },
      element("option", { value: "" }, "all"),
      ...values.map((value) => element("option", { value }, value)),
    ),
  );
}

/** @param {Scene} scene */
export function renderFilters({ state, known, tally }) {
  const box = place("factors");
  for (const button of box.querySelectorAll("button")) {
    const on = state.filters.get(button.name)?.has(button.value) ?? false;
    button.setAttribute("aria-pressed", String(on));
  }
  for (const select of box.querySelectorAll("select")) {
    const [wanted = ""] = state.filters.get(select.name) ?? [];
    select.value = wanted;
  }
  const search = place("search");
  if (search instanceof HTMLInputElement && search !== document.activeElement) {
    search.value = state.query;
  }
  const shown = counted(tally.total.cells, "cell");
  const filters = isFiltered(state);
  place("shown").textContent = filters
    ? `${shown} in ${counted(tally.conditions.size, "condition")} match${causeText(known, state)}`
    : "";
  place("clear").hidden = !filters;
}

/**
 * @param {Scene["known"]} known
 * @param {State} state
 */
function causeText({ causes, model }, { cause }) {
  const found = causes.list.find(({ key }) => key === cause);
  if (found === undefined) return "";
  const { reason, surprise } = model.outcomes[found.sample];
  return `, of the cause "${found.expectation || reason || surprise}"`;
}
