/**
 * Summary: is the run as expected, what does it count, is it whole.
 */
import { counted, element, grouped, linked, place } from "./dom.js";
import { classOf } from "./marks.js";
import { toggled } from "./state.js";

/** @import { Scene } from "./scene.js" */
/** @import { State } from "./state.js" */

/**
 * Fills in what no state changes.
 * @param {Scene} scene
 * @param {() => State} now
 * @param {(state: State) => void} go
 */
export function buildSummary(scene, now, go) {
  const { model, whole } = scene.known;
  const { run } = model.data;
  document.title = `${run.implementation}: ${statusText(scene)} - freezethaw`;
  place("implementation").textContent = run.implementation;
  place("status").append(...statusBadges(scene));
  place("verdicts").append(
    chip("result", "unexpected", whole.total.surprises, "unexpected", "surprise", "‼"),
    chip("result", "known", knownCells(scene), "known", "known", "≈"),
    ...(whole.total.flaky > 0
      ? [chip("result", "flaky", whole.total.flaky, "flaky", "flaky", "~")]
      : []),
    ...model.kinds.map((kind, verdict) => {
      const count = whole.total.verdicts[verdict] ?? 0;
      return chip(
        "verdict",
        kind,
        count,
        kind,
        classOf(model, verdict, false),
        model.symbols[verdict],
      );
    }),
  );
  place("verdicts").addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button === null) return;
    go(toggled(now(), button.dataset.filter ?? "", button.dataset.value ?? ""));
  });
  place("facts").append(...facts(scene));
  place("notices").append(...notices(scene));
}

/**
 * Shows which filters of the summary are on and how much is left.
 * @param {Scene} scene
 */
export function renderSummary({ state }) {
  for (const button of place("verdicts").querySelectorAll("button")) {
    const { filter = "", value = "" } = button.dataset;
    button.setAttribute("aria-pressed", String(state.filters.get(filter)?.has(value) ?? false));
  }
}

/** @param {Scene} scene */
function statusText({ known: { model, whole } }) {
  const { end } = model.data;
  if (whole.total.surprises > 0) return `${grouped(whole.total.surprises)} unexpected`;
  if (end === null) return "interrupted";
  if (model.faults.size > 0) return counted(model.faults.size, "adapter fault");
  if (end.stale.length > 0) return counted(end.stale.length, "stale expectation");
  const expired = end.expired?.length ?? 0;
  return expired > 0 ? counted(expired, "expired expectation") : "as expected";
}

/** @param {Scene} scene */
function statusBadges({ known: { model, whole } }) {
  const { end } = model.data;
  const badges = [];
  const { surprises } = whole.total;
  if (surprises > 0) badges.push(status("bad", `‼ ${grouped(surprises)} unexpected`));
  const { size: faults } = model.faults;
  if (faults > 0) badges.push(status("bad", `‼ ${counted(faults, "adapter fault")}`));
  if (end === null) badges.push(status("warn", "⚠ interrupted"));
  else if (end.stale.length > 0) {
    badges.push(status("bad", `‼ ${counted(end.stale.length, "stale expectation")}`));
  }
  const expired = end?.expired?.length ?? 0;
  if (expired > 0) badges.push(status("bad", `‼ ${counted(expired, "expired expectation")}`));
  return badges.length > 0 ? badges : [status("good", "✓ as expected")];
}

/**
 * @param {string} mood
 * @param {string} text
 */
function status(mood, text) {
  return element("span", { class: `status ${mood}` }, text);
}

/**
 * A count that is a filter.
 * @param {string} filter
 * @param {string} value
 * @param {number} count
 * @param {string} word
 * @param {string} style
 * @param {string} symbol
 */
function chip(filter, value, count, word, style, symbol) {
  return element(
    "button",
    {
      type: "button",
      class: `chip ${style}`,
      "data-filter": filter,
      "data-value": value,
      "aria-pressed": "false",
      disabled: count === 0,
      title: `Show only ${word} cells`,
    },
    element("span", { class: "symbol", "aria-hidden": "true" }, symbol),
    element("b", {}, grouped(count)),
    ` ${word}`,
  );
}

/**
 * Cells that an expectation foresaw.
 * @param {Scene} scene
 */
function knownCells({ known: { causes, whole } }) {
  const counts = whole.causes.map(({ cells }, index) =>
    causes.list[index].expectation === "" ? 0 : cells,
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** @param {Scene} scene */
function facts({ known: { model, whole } }) {
  const { run, end, expectations } = model.data;
  const texts = [
    counted(end?.cells ?? whole.total.cells, "cell"),
    counted(end?.conditions ?? model.conditions, "condition"),
    counted(model.scenarios, "scenario"),
    counted(run.releases.length, "release"),
    counted(expectations.length, "expectation"),
    `seed ${run.seed}`,
    ...coverageTexts(model),
  ];
  return texts.map((text) => element("li", {}, text));
}

/**
 * Which share of the combinations of factors the run had.
 * @param {Scene["known"]["model"]} model
 */
function coverageTexts(model) {
  const tuples = model.data.end?.coverage?.tuples ?? [];
  return tuples
    .filter(({ possible }) => possible > 0)
    .map(({ strength, covered, possible }) => {
      const share = Math.floor((covered / possible) * 1000) / 10;
      return `${strength}-way coverage ${share}% (${grouped(covered)} of ${grouped(possible)})`;
    });
}

/** @param {Scene} scene */
function notices({ known: { model } }) {
  const { run, end } = model.data;
  const shown = [];
  if (end === null) {
    const done = `${grouped(model.conditions)} of ${counted(run.planned, "planned condition")}`;
    const text = `This run was interrupted: ${done} are here. Stale expectations are unknown.`;
    shown.push(element("p", { class: "notice warn" }, text));
  }
  const { leftOut } = model.data;
  if (leftOut > 0) {
    const text = `${counted(leftOut, "condition")} more went as expected and are not on this page.`;
    shown.push(element("p", { class: "muted" }, text));
  }
  if (run.selection !== undefined && run.selection.length > 0) {
    shown.push(element("p", { class: "muted" }, `A part of the plan: ${run.selection.join("; ")}`));
  }
  const stale = end?.stale ?? [];
  if (stale.length > 0)
    shown.push(element("div", { class: "notice bad" }, ...staleList(model, stale)));
  const expired = end?.expired ?? [];
  if (expired.length > 0) {
    const words = "Expired expectations, which are still needed:";
    shown.push(element("div", { class: "notice bad" }, ...staleList(model, expired, words)));
  }
  const unseen = end?.coverage?.unseen ?? [];
  if (unseen.length > 0) shown.push(unseenList(unseen));
  if (run.pruned.length > 0) shown.push(prunedList(run.pruned));
  return shown;
}

/**
 * @param {Scene["known"]["model"]} model
 * @param {readonly string[]} stale
 * @param {string} words
 */
function staleList(model, stale, words = "Stale expectations, which matched no cell:") {
  const items = stale.map((name) => {
    const { note = "", link = "" } = model.expectations.get(name) ?? {};
    return element("li", {}, element("b", {}, name), note === "" ? "" : `: ${note} `, linked(link));
  });
  return [element("p", {}, words), element("ul", {}, ...items)];
}

/** @param {readonly string[]} unseen */
function unseenList(unseen) {
  return element(
    "details",
    { class: "pruned" },
    element("summary", {}, `${counted(unseen.length, "value")} never seen`),
    element("ul", {}, ...unseen.map((value) => element("li", {}, value))),
  );
}

/** @param {Scene["known"]["model"]["data"]["run"]["pruned"]} pruned */
function prunedList(pruned) {
  const count = pruned.reduce((sum, entry) => sum + entry.count, 0);
  const items = pruned.map(({ name, reason, count: removed }) =>
    element("li", {}, element("b", {}, name), ` (${grouped(removed)}): `, linked(reason)),
  );
  return element(
    "details",
    { class: "pruned" },
    element("summary", {}, `${counted(count, "combination")} cannot happen and were left out`),
    element("ul", {}, ...items),
  );
}
