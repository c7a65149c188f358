/**
 * List of conditions: those of a square, or all that the filters leave, worst first, by pages.
 */
import { counted, element, grouped } from "./dom.js";
import { glyph, verdictCounts } from "./marks.js";
import { hopName, hopsOf, settingsOf, tellsOf } from "./names.js";
import { conditionsOf } from "./scene.js";
import { eachCell } from "./selection.js";
import { formatState, listing } from "./state.js";
import { addSum, emptySum, rankAt } from "./tally.js";

/** @import { Scene } from "./scene.js" */
/** @import { Sum } from "./tally.js" */

const CONDITIONS_PER_PAGE = 50;

/** Causes named above a list. */
const CAUSES_MAX = 5;

/**
 * @param {Scene} scene
 * @returns {(Node | string)[]}
 */
export function conditionsView(scene) {
  const { known, state, tally } = scene;
  const conditions = worstFirst(scene);
  if (conditions.length === 0) return [element("p", { class: "muted" }, "No condition matches")];
  const total = emptySum();
  for (const condition of conditions) addSum(known.model, total, sumOf(tally, condition));
  const pages = Math.ceil(conditions.length / CONDITIONS_PER_PAGE);
  const page = Math.min(Math.max(state.page || 0, 0), pages - 1);
  const start = page * CONDITIONS_PER_PAGE;
  const items = conditions
    .slice(start, start + CONDITIONS_PER_PAGE)
    .map((condition) => itemOf(scene, condition));
  return [
    element(
      "p",
      { class: "total" },
      `${counted(conditions.length, "condition")}, ${counted(total.cells, "cell")} `,
      verdictCounts(known.model, total),
    ),
    ...causesHere(scene, conditions),
    element("ol", { class: "list", start: start + 1 }, ...items),
    ...(pages > 1 ? [pager(scene, page, pages)] : []),
  ];
}

/**
 * @param {Scene["tally"]} tally
 * @param {number} condition
 * @returns {Sum}
 */
function sumOf(tally, condition) {
  return tally.conditions.get(condition) ?? emptySum();
}

/**
 * @param {Scene} scene
 * @returns {number[]}
 */
function worstFirst(scene) {
  const { known, tally } = scene;
  const keyed = conditionsOf(scene).map((condition) => {
    const { worst, surprises, breaks } = sumOf(tally, condition);
    return { condition, rank: rankAt(known.model, worst), surprises, breaks };
  });
  keyed.sort(
    (a, b) =>
      b.rank - a.rank ||
      b.surprises - a.surprises ||
      b.breaks - a.breaks ||
      a.condition - b.condition,
  );
  return keyed.map(({ condition }) => condition);
}

/**
 * Why the cells of a square broke; for the whole grid the overview says it.
 * @param {Scene} scene
 * @param {number[]} conditions
 */
function causesHere({ known: { model, causes }, selection, state }, conditions) {
  if (state.square === "") return [];
  /** @type {Map<number, { count: number, sample: number }>} */
  const counts = new Map();
  for (const condition of conditions) {
    eachCell(model, selection, condition, (_scenario, outcome) => {
      const cause = causes.of[outcome];
      if (cause < 0) return;
      const { count = 0, sample = outcome } = counts.get(cause) ?? {};
      counts.set(cause, { count: count + 1, sample });
    });
  }
  if (counts.size === 0) return [];
  const found = [...counts].map(([index, here]) => ({ cause: causes.list[index], ...here }));
  found.sort((a, b) => b.cause.rank - a.cause.rank || b.count - a.count);
  const items = found.slice(0, CAUSES_MAX).map(({ count, sample }) => {
    const { reason, surprise } = model.outcomes[sample];
    return element(
      "li",
      {},
      glyph(model, sample),
      element("span", { class: "reason" }, reason || surprise),
      element("span", { class: "muted" }, `× ${grouped(count)}`),
    );
  });
  return [element("h3", {}, "Why"), element("ul", { class: "why-here" }, ...items)];
}

/**
 * @param {Scene} scene
 * @param {number} condition
 */
function itemOf({ known: { model, factors }, state, tally }, condition) {
  const sum = sumOf(tally, condition);
  const hops = hopsOf(model, condition);
  const tells = tellsOf(model);
  const told = state.square !== "" && !state.merged && hops.length === 2;
  const settings = settingsOf(model, condition)
    .filter((entry) => tells(entry) && factors.some(({ name }) => name === entry[0]))
    .map(([axis, value]) =>
      element("span", { class: "setting" }, element("i", {}, axis), ` ${value}`),
    );
  const path = element(
    "span",
    { class: "hops" },
    hops.map((hop) => hopName(model, hop)).join(" → "),
  );
  return element(
    "li",
    {},
    element(
      "a",
      { href: formatState({ ...state, condition }), class: "item" },
      glyph(model, sum.worst),
      element(
        "span",
        { class: "name" },
        ...(told && settings.length > 0 ? [] : [path]),
        ...settings,
      ),
      verdictCounts(model, sum),
    ),
  );
}

/**
 * @param {Scene} scene
 * @param {number} page
 * @param {number} pages
 */
function pager({ state }, page, pages) {
  /**
   * @param {string} label
   * @param {number} to
   */
  const step = (label, to) =>
    to < 0 || to >= pages
      ? element("span", { class: "muted" }, label)
      : element("a", { href: formatState(listing(state, { page: to })) }, label);
  return element(
    "nav",
    { class: "pager", "aria-label": "Pages of conditions" },
    step("← previous", page - 1),
    `page ${page + 1} of ${pages}`,
    step("next →", page + 1),
  );
}
