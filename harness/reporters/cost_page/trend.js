/**
 * What a metric has come to over stored results, and what did not come up in this one. A result
 * that cannot be compared with this one is drawn hollow, and says why.
 */
import { counted, element, place } from "../html_page/dom.js";
import { written } from "./figures.js";

/** @import { CostPageData } from "../cost_format.ts" */
/** @import { Choice } from "./data.js" */

const PLACES = { p50: 0, p99: 1, max: 2 };

/**
 * @param {CostPageData} data
 * @param {Choice} choice
 */
export function renderTrend({ trend, metrics }, { metric, statistic }) {
  const { name, unit } = metrics[metric];
  const points = trend.flatMap((result) => {
    const found = result.metrics[name];
    return found === undefined ? [] : [{ ...result, value: found[PLACES[statistic]] }];
  });
  const section = place("trend");
  section.hidden = points.length < 2;
  if (section.hidden) return;
  const most = Math.max(...points.map(({ value }) => value), Number.MIN_VALUE);
  const rows = points.flatMap(({ name: of, foreign, value }) => {
    const bar = element("i", { class: foreign === null ? "" : "foreign" });
    bar.style.width = `${(value / most) * 100}%`;
    const text = `${written(value, unit)}${foreign === null ? "" : ` (${foreign})`}`;
    return [
      element("span", {}, of),
      element("span", { class: "run" }, bar),
      element("span", {}, text),
    ];
  });
  section.replaceChildren(
    element("h2", {}, `${name}, ${statistic} over all hops, oldest first`),
    element("div", { class: "trend" }, ...rows),
  );
}

/** @param {CostPageData} data */
export function renderFailures({ failures }) {
  const section = place("failures");
  section.hidden = failures.length === 0;
  section.replaceChildren(
    element("h2", {}, "What did not come up, and cost nothing"),
    element(
      "ul",
      {},
      ...failures.map(({ writer, reader, verdict, reason, name, count }) =>
        element(
          "li",
          { title: name },
          element("b", {}, `${writer} → ${reader}`),
          ` ${counted(count, "condition")} ${verdict}: ${reason}`,
        ),
      ),
    ),
  );
}
