/**
 * Another run beside this one, cell by cell where they differ, and what runs have come to over
 * time. Both are only there when the page was made with them.
 */
import { counted, element, grouped, place } from "./dom.js";
import { formatState, parseState } from "./state.js";

/** @import { ChangeEntry, RunEntry } from "../html_format.ts" */
/** @import { Model } from "./decode.js" */

/** How changes are called. */
const KINDS = {
  broken: "unexpected now",
  lost: "known to break now",
  mended: "no longer unexpected",
  gained: "passes now",
  other: "comes out differently",
};

/** @param {Model} model */
export function buildComparison(model) {
  const { compared, trend } = model.data;
  if (compared !== null) {
    const { before, after, changes, added, removed } = compared;
    show(
      "compared",
      element("h2", {}, "Beside the baseline"),
      scrolled(countsTable(before, after)),
      element("p", { class: "muted" }, differenceText(changes, added, removed)),
      ...(changes.length === 0 ? [] : [scrolled(changesTable(changes))]),
    );
  }
  if (trend.length > 1) {
    show("trend", element("h2", {}, "Runs over time, oldest first"), trendView(trend));
  }
}

/**
 * @param {string} id
 * @param {...HTMLElement} parts
 */
function show(id, ...parts) {
  const section = place(id);
  section.hidden = false;
  section.replaceChildren(...parts);
}

/** @param {HTMLElement} table */
function scrolled(table) {
  return element("div", { class: "compared-scroll" }, table);
}

/**
 * @param {readonly ChangeEntry[]} changes
 * @param {number} added
 * @param {number} removed
 */
function differenceText(changes, added, removed) {
  const cells = changes.reduce((sum, change) => sum + change.cells, 0);
  const parts = [cells === 0 ? "No cell differs" : `${counted(cells, "cell")} differ`];
  if (added > 0) parts.push(`${counted(added, "condition")} only here`);
  if (removed > 0) parts.push(`${counted(removed, "condition")} only in the baseline`);
  return parts.join("; ");
}

/**
 * @param {RunEntry} before
 * @param {RunEntry} after
 */
function countsTable(before, after) {
  const kinds = new Set([...Object.keys(before.verdicts), ...Object.keys(after.verdicts)]);
  /** @type {[string, number, number][]} */
  const rows = [
    ["conditions", before.conditions, after.conditions],
    ["cells", before.cells, after.cells],
    ["unexpected", before.surprises, after.surprises],
    ...[...kinds].map((kind) => {
      /** @type {[string, number, number]} */
      const row = [kind, before.verdicts[kind] ?? 0, after.verdicts[kind] ?? 0];
      return row;
    }),
  ];
  return table(
    ["", "baseline", "this run", "difference"],
    rows.map(([name, was, is]) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, name),
        ...[was, is].map(count),
        gap(is - was),
      ),
    ),
  );
}

/** @param {number} number */
function count(number) {
  return element("td", { class: "figure" }, grouped(number));
}

/** @param {number} number */
function gap(number) {
  const sign = number > 0 ? "+" : number < 0 ? "−" : "±";
  return element("td", { class: "figure" }, `${sign}${grouped(Math.abs(number))}`);
}

/** @param {readonly ChangeEntry[]} changes */
function changesTable(changes) {
  const rows = changes.map((change) => {
    const { kind, scenario, before, after, reason, cells, condition, number } = change;
    const state = { ...parseState(""), condition, scenario: number };
    const name = condition < 0 ? scenario : element("a", { href: formatState(state) }, scenario);
    return element(
      "tr",
      { class: kind },
      element("td", {}, KINDS[kind]),
      element("td", {}, name),
      element("td", {}, before ?? "not asked"),
      element("td", {}, after),
      count(cells),
      element("td", {}, reason),
    );
  });
  return table(["", "scenario", "baseline", "this run", "cells", "reason"], rows);
}

/**
 * @param {readonly string[]} heads
 * @param {readonly HTMLElement[]} rows
 */
function table(heads, rows) {
  const cells = heads.map((head) => element("th", { scope: "col" }, head));
  return element(
    "table",
    { class: "beside" },
    element("thead", {}, element("tr", {}, ...cells)),
    element("tbody", {}, ...rows),
  );
}

/** @param {readonly RunEntry[]} trend */
function trendView(trend) {
  const rows = trend.flatMap((run) => {
    const { name, cells, surprises, verdicts } = run;
    const passed = Math.min(verdicts.passed ?? 0, cells - surprises);
    const idle = verdicts.unsupported ?? 0;
    const known = Math.max(0, cells - passed - surprises - idle);
    const text = `${grouped(passed)} pass, ${grouped(known)} known, ${grouped(surprises)} unexpected`;
    return [
      element("span", {}, name),
      element(
        "span",
        { class: "run-bar", role: "img", "aria-label": text, title: text },
        part(passed, "passed"),
        part(known, "known"),
        ...(surprises > 0 ? [part(surprises, "surprise")] : []),
        part(idle, "idle"),
      ),
      element("span", { class: "muted" }, run.complete ? text : `${text}; interrupted`),
    ];
  });
  return element("div", { class: "trend" }, ...rows);
}

/**
 * @param {number} share
 * @param {string} style
 */
function part(share, style) {
  const node = element("i", { class: style });
  node.style.flexGrow = `${share}`;
  return node;
}
