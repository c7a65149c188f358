/**
 * Heat maps: writers down, readers across, one for each value of a factor, all on one scale. Arrow
 * keys move between squares; only one of each map is a stop of the tabulator.
 */
import { counted, element, place } from "../html_page/dom.js";
import { costsOf, factorOf } from "./data.js";
import { quantiles, written } from "./figures.js";

/** @import { CostPageData } from "../cost_format.ts" */
/** @import { Choice, Square } from "./data.js" */

/** @typedef {{ square: Square, value: number }} Heat */

const STEPS = new Map([
  ["ArrowUp", [-1, 0]],
  ["ArrowDown", [1, 0]],
  ["ArrowLeft", [0, -1]],
  ["ArrowRight", [0, 1]],
]);

/**
 * @param {CostPageData} data
 * @param {Choice} choice
 * @param {readonly Square[]} squares
 * @param {(square: Square) => void} choose
 */
export function renderMaps(data, choice, squares, choose) {
  const metric = data.metrics[choice.metric];
  const heats = squares.flatMap((square) => {
    const found = quantiles(costsOf(metric, square.hops));
    return found === undefined ? [] : [{ square, value: found[choice.statistic] }];
  });
  const values = heats.map(({ value }) => value);
  const scale = { low: Math.min(...values), high: Math.max(...values) };
  const order = factorOf(data, choice.split)?.values ?? [""];
  const maps = [...Map.groupBy(heats, ({ square }) => square.map)];
  maps.sort(([left], [right]) => order.indexOf(left) - order.indexOf(right));
  const shown = maps.map(([name, own]) => mapView(data, choice, name, own, scale, choose));
  place("maps").replaceChildren(
    ...(heats.length === 0
      ? [element("p", { class: "muted" }, "No hop has this metric")]
      : [...shown, scaleView(scale, metric.unit)]),
  );
  place("maps").dataset.ready = "";
}

/**
 * @param {CostPageData} data
 * @param {Choice} choice
 * @param {string} name
 * @param {readonly Heat[]} heats
 * @param {{ low: number, high: number }} scale
 * @param {(square: Square) => void} choose
 */
function mapView(data, choice, name, heats, scale, choose) {
  const { unit } = data.metrics[choice.metric];
  const rows = linesOf(
    data,
    "writer",
    heats.map(({ square }) => square.row),
  );
  const columns = linesOf(
    data,
    "reader",
    heats.map(({ square }) => square.column),
  );
  const at = new Map(heats.map((heat) => [`${heat.square.row}\n${heat.square.column}`, heat]));
  const body = rows.map((row) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, ...breakable(row)),
      ...columns.map((column) => {
        const heat = at.get(`${row}\n${column}`);
        if (heat === undefined) return element("td", { class: "empty" });
        return element("td", {}, squareView(choice, heat, scale, unit, choose));
      }),
    ),
  );
  const title = choice.split === "" ? "All hops" : `${choice.split}: ${name}`;
  const count = heats.reduce((sum, { square }) => sum + square.hops.length, 0);
  const [first] = body.flatMap((row) => [...row.querySelectorAll("button")]);
  if (first !== undefined) first.tabIndex = 0;
  return element(
    "figure",
    {},
    element("figcaption", {}, title, element("small", {}, ` ${counted(count, "hop")}`)),
    element(
      "table",
      { class: "heat-map", "aria-label": title, keydown: moveFocus },
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          element("th", { class: "corner" }, "writer ↓  reader →"),
          ...columns.map((column) => element("th", { scope: "col" }, ...breakable(column))),
        ),
      ),
      element("tbody", {}, ...body),
    ),
  );
}

/**
 * @param {Choice} choice
 * @param {Heat} heat
 * @param {{ low: number, high: number }} scale
 * @param {string} unit
 * @param {(square: Square) => void} choose
 */
function squareView({ at }, { square, value }, { low, high }, unit, choose) {
  const text = written(value, unit);
  const hops = counted(square.hops.length, "hop");
  const share = high > low ? (value - low) / (high - low) : 0;
  const node = element(
    "button",
    {
      type: "button",
      class: "heat",
      tabindex: -1,
      "aria-pressed": String(square.key === at),
      "aria-label": `${square.row} to ${square.column}: ${text}, ${hops}`,
      click: () => choose(square),
    },
    text,
  );
  node.dataset.key = square.key;
  // The policy of the page allows no style in an attribute.
  node.style.setProperty("--heat", `${Math.round(share * 100)}%`);
  return node;
}

/**
 * A configuration may go on in the next line behind each of its commas.
 * @param {string} text
 */
function breakable(text) {
  return text.split(/(?<=,)/).flatMap((part) => [part, element("wbr", {})]);
}

/**
 * Lines that have a square, in the order of their releases.
 * @param {CostPageData} data
 * @param {"writer" | "reader"} side
 * @param {readonly string[]} used
 */
function linesOf(data, side, used) {
  const releases = factorOf(data, side)?.values ?? [];
  /** @param {string} line */
  const place = (line) => releases.indexOf(line.split(" ", 1)[0]);
  return [...new Set(used)].sort((left, right) => place(left) - place(right));
}

/**
 * @param {{ low: number, high: number }} scale
 * @param {string} unit
 */
function scaleView({ low, high }, unit) {
  return element(
    "p",
    { class: "scale" },
    written(low, unit),
    element("i", { role: "img", "aria-label": "colours from least to most" }),
    written(high, unit),
  );
}

/** @param {KeyboardEvent} event */
function moveFocus(event) {
  const step = STEPS.get(event.key);
  const cell = /** @type {HTMLElement} */ (event.target).closest("td");
  const row = cell?.parentElement;
  if (step === undefined || cell === null || row === null || row === undefined) return;
  event.preventDefault();
  const rows = [...(row.parentElement?.children ?? [])];
  const next =
    rows[rows.indexOf(row) + step[0]]?.children[[...row.children].indexOf(cell) + step[1]];
  next?.querySelector("button")?.focus();
}
