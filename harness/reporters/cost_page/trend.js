/**
 * What a metric has come to over stored results, over all hops or in the square that was chosen, and
 * what did not come up in this one. A result that cannot be compared with this one is drawn hollow,
 * and says why.
 */
import { counted, element, place } from "../html_page/dom.js";
import { written } from "./figures.js";

/** @import { CostPageData } from "../cost_format.ts" */
/** @import { Choice, Square } from "./data.js" */

const PLACES = { p50: 0, p99: 1, max: 2 };
const ALL = "all";

/**
 * @param {CostPageData} data
 * @param {Choice} choice
 * @param {readonly Square[]} squares
 */
export function renderTrend({ trend, metrics }, choice, squares) {
  const { metric, statistic, at } = choice;
  const { name, unit } = metrics[metric];
  const square = squares.find(({ key }) => key === at);
  const of = placeOf(choice, square);
  const points = trend.flatMap((result) => {
    const found = result.places.find(
      ({ writer, reader, keepalive }) =>
        writer === of.writer && reader === of.reader && keepalive === of.keepalive,
    );
    const values = found?.values[metric] ?? null;
    return values === null ? [] : [{ ...result, value: values[PLACES[statistic]] }];
  });
  const section = place("trend");
  section.hidden = trend.length < 2;
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
  const { writer, reader, keepalive } = of;
  const kind = keepalive === ALL ? "" : `, ${keepalive}`;
  const where = square === undefined ? "over all hops" : `of ${writer} → ${reader}${kind}`;
  section.replaceChildren(
    element("h2", {}, `${name}, ${statistic} ${where}, oldest first`),
    ...(isNarrower(choice)
      ? [element("p", { class: "muted" }, "Stored results tell releases and keepalive apart alone")]
      : []),
    points.length < 2
      ? element("p", { class: "muted" }, "No stored result has it")
      : element("div", { class: "trend" }, ...rows),
  );
}

/**
 * Where stored results have what a square shows.
 * @param {Choice} choice
 * @param {Square | undefined} square
 */
function placeOf({ split }, square) {
  const { writer, reader, map } = square ?? { writer: ALL, reader: ALL, map: ALL };
  return { writer, reader, keepalive: square && split === "keepalive" ? map : ALL };
}

/**
 * Whether the maps tell more apart than stored results do.
 * @param {Choice} choice
 */
function isNarrower({ split, configurations, only }) {
  return (split !== "" && split !== "keepalive") || configurations || only.size > 0;
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
