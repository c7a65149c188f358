/**
 * The page: choices above, maps, and the square that was chosen.
 */
import { element, place } from "../html_page/dom.js";
import { watchTheme } from "../html_page/theme.js";
import { factorOf, readData, squaresOf } from "./data.js";
import { renderMaps } from "./maps.js";
import { renderPanel } from "./panel.js";
import { renderFailures, renderTrend } from "./trend.js";

/** @import { Choice, Square } from "./data.js" */

const STATISTICS = /** @type {const} */ (["p50", "p99", "max"]);

const data = readData();

/** @type {Choice} */
let choice = {
  metric: Math.max(
    0,
    data.metrics.findIndex(({ name }) => name === firstMetric()),
  ),
  statistic: "p50",
  split: factorOf(data, "keepalive") === undefined ? "" : "keepalive",
  configurations: false,
  only: new Map(),
  at: "",
};

function firstMetric() {
  return data.metrics.some(({ name }) => name === "blackout") ? "blackout" : "hop";
}

/** @param {Partial<Choice>} change */
function change(change) {
  choice = { ...choice, ...change };
  render();
}

function render() {
  const squares = squaresOf(data, choice);
  const { name, meaning } = data.metrics[choice.metric];
  place("meaning").replaceChildren(`${name}: ${meaning}`);
  for (const button of place("statistic").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === choice.statistic));
  }
  renderMaps(data, choice, squares, showSquare);
  renderPanel(data, choice, squares);
  renderTrend(data, choice, squares);
}

/** @param {Square} square */
function showSquare({ key }) {
  change({ at: key });
  // The button that was pressed is drawn anew.
  const squares = [...place("maps").querySelectorAll("button")];
  squares.find((each) => each.dataset.key === key)?.focus();
}

function buildChoices() {
  const metric = /** @type {HTMLSelectElement} */ (place("metric"));
  const groups = Map.groupBy(data.metrics.entries(), ([, each]) => each.class);
  metric.replaceChildren(
    ...[...groups].map(([kind, entries]) =>
      element(
        "optgroup",
        { label: kind },
        ...entries.map(([index, { name }]) => element("option", { value: index }, name)),
      ),
    ),
  );
  metric.value = `${choice.metric}`;
  metric.addEventListener("change", () => change({ metric: Number(metric.value) }));
  place("statistic").replaceChildren(
    ...STATISTICS.map((statistic) =>
      element(
        "button",
        { type: "button", value: statistic, click: () => change({ statistic }) },
        statistic === "max" ? "maximum" : statistic,
      ),
    ),
  );
  buildSplit();
  const lines = /** @type {HTMLSelectElement} */ (place("lines"));
  lines.addEventListener("change", () =>
    change({ configurations: lines.value === "configurations", at: "" }),
  );
}

function buildSplit() {
  const split = /** @type {HTMLSelectElement} */ (place("split"));
  const factors = data.factors.filter(({ name }) => name !== "writer" && name !== "reader");
  split.replaceChildren(
    element("option", { value: "" }, "nothing: one of all hops"),
    ...factors.map(({ name }) => element("option", { value: name }, name)),
  );
  split.value = choice.split;
  split.addEventListener("change", () => change({ split: split.value, at: "" }));
}

function buildFilters() {
  place("filters").replaceChildren(
    ...data.factors.map(({ name, values }) => {
      const select = element(
        "select",
        { name },
        element("option", { value: "" }, "any"),
        ...values.map((value, index) => element("option", { value: index }, value)),
      );
      select.addEventListener("change", () => {
        const only = new Map(choice.only);
        if (select.value === "") only.delete(name);
        else only.set(name, Number(select.value));
        change({ only, at: "" });
      });
      return element("label", {}, name, select);
    }),
  );
}

place("implementation").replaceChildren(`${data.implementation}: what saving and restoring cost`);
place("status").replaceChildren(
  element(
    "span",
    { class: data.complete ? "status good" : "status warn" },
    data.complete ? "complete" : "not all that was to be measured",
  ),
);
place("facts").replaceChildren(...data.facts.map((fact) => element("li", {}, fact)));
watchTheme();
buildChoices();
buildFilters();
renderFailures(data);
render();
