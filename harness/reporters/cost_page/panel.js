/**
 * One square: its distribution, the phases of its blackouts, all metrics beside each other, and the
 * conditions that cost most.
 */
import { counted, element, place } from "../html_page/dom.js";
import { costsOf } from "./data.js";
import { barsOf, quantiles, written } from "./figures.js";

/** @import { CostMetric, CostPageData } from "../cost_format.ts" */
/** @import { Choice, Square } from "./data.js" */

const PHASES = "blackout/";
const DEAREST_MAX = 8;

/**
 * @param {CostPageData} data
 * @param {Choice} choice
 * @param {readonly Square[]} squares
 */
export function renderPanel(data, choice, squares) {
  const square = squares.find(({ key }) => key === choice.at);
  const hops = square?.hops ?? squares.flatMap((each) => each.hops);
  const metric = data.metrics[choice.metric];
  const where =
    square === undefined
      ? "All squares"
      : `${square.row} → ${square.column}${square.map === "" ? "" : `, ${square.map}`}`;
  place("panel").replaceChildren(
    element("h2", { id: "panel-title", tabindex: -1 }, where),
    element("p", { class: "muted" }, `${metric.name} of ${counted(hops.length, "hop")}`),
    ...distribution(metric, hops),
    ...phases(data, hops),
    element("h3", {}, "All metrics"),
    metricsTable(data, hops),
    ...dearest(data, metric, hops),
  );
}

/**
 * @param {CostMetric} metric
 * @param {readonly number[]} hops
 */
function distribution(metric, hops) {
  const values = costsOf(metric, hops);
  const found = quantiles(values);
  if (found === undefined) return [];
  const bars = barsOf(values);
  const most = Math.max(...bars.map(({ count }) => count));
  const { unit } = metric;
  const columns = bars.map(({ from, to, count }) => {
    const range =
      from === to ? written(from, unit) : `${written(from, unit)} to ${written(to, unit)}`;
    const bar = element("i", { title: `${range}: ${count}` });
    bar.style.height = count === 0 ? "0" : `${Math.max(2, (count / most) * 100)}%`;
    return bar;
  });
  const [p50, p99, max] = [found.p50, found.p99, found.max].map((value) => written(value, unit));
  const words = `p50 ${p50}, p99 ${p99}, maximum ${max}`;
  return [
    element("p", { class: "quantiles" }, words),
    element(
      "div",
      { class: "bars", role: "img", "aria-label": `${counted(values.length, "value")}: ${words}` },
      ...columns,
    ),
    element(
      "p",
      { class: "ends" },
      element("span", {}, written(found.min, unit)),
      element("span", {}, written(found.max, unit)),
    ),
  ];
}

/**
 * The phases of a blackout, each with its mean, as they add up.
 * @param {CostPageData} data
 * @param {readonly number[]} hops
 */
function phases({ metrics }, hops) {
  const means = metrics.flatMap((metric) => {
    if (!metric.name.startsWith(PHASES)) return [];
    const values = costsOf(metric, hops);
    const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, hops.length);
    return values.length === 0 ? [] : [{ name: metric.name.slice(PHASES.length), mean }];
  });
  if (means.length === 0) return [];
  const bar = means.map(({ name, mean }, index) => {
    const part = element("i", {
      class: `phase-${index % 8}`,
      title: `${name} ${written(mean, "µs")}`,
    });
    part.style.flexGrow = `${mean}`;
    return part;
  });
  const legend = means.map(({ name, mean }, index) =>
    element(
      "span",
      {},
      element("i", { class: `phase phase-${index % 8}` }),
      `${name} ${written(Math.round(mean), "µs")}`,
    ),
  );
  return [
    element("h3", {}, "Blackout by phases, mean"),
    element("div", { class: "phases" }, ...bar),
    element("p", { class: "legend" }, ...legend),
  ];
}

/**
 * @param {CostPageData} data
 * @param {readonly number[]} hops
 */
function metricsTable({ metrics }, hops) {
  const rows = metrics.flatMap((metric) => {
    const found = quantiles(costsOf(metric, hops));
    if (found === undefined) return [];
    const { name, unit, meaning } = metric;
    return [
      element(
        "tr",
        { title: meaning },
        element("th", { scope: "row" }, name),
        ...[found.p50, found.p99, found.max].map((value) =>
          element("td", {}, written(value, unit)),
        ),
      ),
    ];
  });
  const head = ["metric", "p50", "p99", "maximum"].map((text) =>
    element("th", { scope: "col" }, text),
  );
  return element(
    "table",
    { class: "metrics" },
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...rows),
  );
}

/**
 * @param {CostPageData} data
 * @param {CostMetric} metric
 * @param {readonly number[]} hops
 */
function dearest({ names }, metric, hops) {
  const sorted = hops
    .map((hop) => ({ hop, most: Math.max(...metric.values[hop]) }))
    .filter(({ most }) => Number.isFinite(most))
    .sort((left, right) => right.most - left.most);
  if (sorted.length === 0) return [];
  return [
    element("h3", {}, "Conditions that cost most"),
    element(
      "ol",
      { class: "dearest" },
      ...sorted
        .slice(0, DEAREST_MAX)
        .map(({ hop, most }) =>
          element("li", {}, element("b", {}, written(most, metric.unit)), ` ${names[hop]}`),
        ),
    ),
  ];
}
