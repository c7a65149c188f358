/**
 * Grid: writers down, readers across, one square for each pair with its worst outcome. Arrow keys
 * move between squares; only one of them is a stop of the tabulator.
 */
import { counted, element, grouped, place } from "./dom.js";
import { classOf } from "./marks.js";
import { formatState, listing } from "./state.js";
import { addSum, emptySum } from "./tally.js";

/** @import { Lines } from "./lines.js" */
/** @import { Scene } from "./scene.js" */
/** @import { Sum } from "./tally.js" */

const STEPS = new Map([
  ["ArrowUp", [-1, 0]],
  ["ArrowDown", [1, 0]],
  ["ArrowLeft", [0, -1]],
  ["ArrowRight", [0, 1]],
]);

/** @param {Scene} scene */
export function renderGrid(scene) {
  const rows = usedLines(scene, scene.rows);
  const columns = usedLines(scene, scene.columns);
  const sums = squareSums(scene);
  const groups = columns.some((column) => scene.columns.list[column].configuration !== "");
  const body = rows.map((row, index) => {
    const before = scene.rows.list[rows[index - 1]]?.configuration;
    return element(
      "tr",
      {},
      ...rowHeads(scene, rows, row, groups, before),
      ...columns.map((column) => squareOf(scene, row, column, sums.get(`${row}.${column}`))),
    );
  });
  const table = element(
    "table",
    { role: "grid", "aria-label": "Outcome by writer and reader", keydown: moveFocus },
    element("thead", {}, ...columnHeads(scene, columns, groups)),
    element("tbody", {}, ...body),
  );
  place("grid").replaceChildren(
    rows.length === 0 ? element("p", {}, "No condition matches") : table,
  );
}

/**
 * Marks the square that the state names, without drawing the grid again.
 * @param {Scene} scene
 */
export function markSquare({ state }) {
  const squares = [...place("grid").querySelectorAll("a")];
  const chosen = squares.find((square) => square.dataset.at === state.square);
  for (const square of squares) {
    square.tabIndex = square === (chosen ?? squares[0]) ? 0 : -1;
    square.ariaCurrent = square === chosen ? "true" : null;
  }
}

/**
 * Lines that some condition of the selection has.
 * @param {Scene} scene
 * @param {Lines} lines
 */
function usedLines({ selection }, lines) {
  const used = new Set(lines.of.filter((_, condition) => selection.wanted.conditions[condition]));
  return lines.list.map((_, index) => index).filter((index) => used.has(index));
}

/**
 * @param {Scene} scene
 * @returns {Map<string, Sum>}
 */
function squareSums({ known, tally, rows, columns }) {
  /** @type {Map<string, Sum>} */
  const sums = new Map();
  for (const [condition, sum] of tally.conditions) {
    const key = `${rows.of[condition]}.${columns.of[condition]}`;
    const total = sums.get(key) ?? emptySum();
    addSum(known.model, total, sum);
    sums.set(key, total);
  }
  return sums;
}

/**
 * @param {Scene} scene
 * @param {number[]} columns
 * @param {boolean} groups
 */
function columnHeads({ columns: { list } }, columns, groups) {
  const corner = element("th", { class: "corner", colspan: groups ? 2 : 1 }, "writer ↓  reader →");
  const releases = columns.map((column, index) => {
    const first = list[column].configuration !== list[columns[index - 1]]?.configuration;
    return element(
      "th",
      { scope: "col", class: first ? "release first" : "release" },
      list[column].release,
    );
  });
  if (!groups) return [element("tr", {}, corner, ...releases)];
  const configurations = Map.groupBy(columns, (column) => list[column].configuration);
  const heads = [...configurations].map(([name, { length }]) =>
    element(
      "th",
      { scope: "colgroup", colspan: length, class: "configuration first" },
      name || "-",
    ),
  );
  const top = element("th", { class: "corner", colspan: 2 }, "reader configuration");
  return [element("tr", {}, top, ...heads), element("tr", {}, corner, ...releases)];
}

/**
 * @param {Scene} scene
 * @param {number[]} rows
 * @param {number} row
 * @param {boolean} groups
 * @param {string | undefined} before Configuration of the row above.
 */
function rowHeads({ rows: { list } }, rows, row, groups, before) {
  const { configuration, release } = list[row];
  const first = groups && configuration !== before;
  const heads = [
    element("th", { scope: "row", class: first ? "release first" : "release" }, release),
  ];
  if (first) {
    const rowspan = rows.filter((other) => list[other].configuration === configuration).length;
    const parts = configuration.split(",").map((part) => element("span", {}, part));
    heads.unshift(
      element("th", { scope: "rowgroup", rowspan, class: "configuration first" }, ...parts),
    );
  }
  return heads;
}

/**
 * @param {Scene} scene
 * @param {number} row
 * @param {number} column
 * @param {Sum | undefined} sum
 */
function squareOf({ known: { model }, state, rows, columns }, row, column, sum) {
  const at = `${row}.${column}`;
  const edge = [
    rows.list[row].configuration === rows.list[row - 1]?.configuration ? "" : "first-row",
    columns.list[column].configuration === columns.list[column - 1]?.configuration ? "" : "first",
  ].join(" ");
  if (sum === undefined) return element("td", { class: `empty ${edge}`, "aria-label": "none" });
  const { verdict, surprise } = model.outcomes[sum.worst];
  const [from, to] = [rows.list[row], columns.list[column]];
  const label =
    `${from.release} ${from.configuration} to ${to.release} ${to.configuration}: ` +
    `${model.kinds[verdict]}; ${grouped(sum.breaks)} of ${counted(sum.cells, "cell")} broke, ` +
    `${grouped(sum.surprises)} unexpected${sum.flaky > 0 ? `, ${grouped(sum.flaky)} flaky` : ""}`;
  const square = element(
    "a",
    {
      href: formatState(listing(state, { square: at })),
      class: `square ${classOf(model, verdict, surprise !== "")}`,
      "data-at": at,
      "aria-label": label,
      title: label,
    },
    element("span", { class: "glyph", "aria-hidden": "true" }, model.symbols[verdict]),
    element("span", { class: "number", "aria-hidden": "true" }, numberOf(sum)),
    ...(sum.flaky > 0 ? [element("span", { class: "flaky", "aria-hidden": "true" }, "~")] : []),
  );
  square.style.setProperty("--share", `${Math.ceil((sum.breaks / sum.cells) * 100)}%`);
  return element("td", { class: edge }, square);
}

/**
 * What a square counts: surprises when there are any, else breaks.
 * @param {Sum} sum
 */
function numberOf({ surprises, breaks }) {
  if (surprises > 0) return `‼${grouped(surprises)}`;
  return breaks > 0 ? grouped(breaks) : "";
}

/** @param {KeyboardEvent} event */
function moveFocus(event) {
  const step = STEPS.get(event.key);
  const { target } = event;
  const cell = target instanceof Element ? target.closest("td") : null;
  if (step === undefined || cell === null) return;
  event.preventDefault();
  const trs = [...place("grid").querySelectorAll("tbody tr")];
  const squares = trs.map((tr) => [...tr.querySelectorAll("td")]);
  let row = squares.findIndex((tds) => tds.includes(cell));
  let column = squares[row].indexOf(cell);
  for (;;) {
    row += step[0];
    column += step[1];
    const next = squares[row]?.[column];
    if (next === undefined) return;
    const link = next.querySelector("a");
    if (link === null) continue;
    for (const other of place("grid").querySelectorAll("a")) other.tabIndex = -1;
    link.tabIndex = 0;
    link.focus();
    return;
  }
}
