/**
 * The performance grid as one page that needs nothing besides itself: a heat map for each value of
 * a factor, the distribution of a square, and what metrics have come to over stored results.
 *
 * @module
 */
import type { CostPageData } from "./cost_format.ts";
import { pageFrame } from "./page_frame.ts";
import { scriptJson } from "./script_json.ts";

/** Modules of the page in the order of their imports, besides those of the other page. */
export const COST_MODULES = ["data", "figures", "maps", "panel", "trend", "costs"] as const;

/** Renders `data` as one self-contained page, in pieces. */
export function* costPage(data: CostPageData): Generator<string> {
  const [before, after] = pageFrame({
    frame: "cost_page/page.html",
    styles: [
      "html_page/theme.css",
      "html_page/page.css",
      "html_page/phases.css",
      "cost_page/costs.css",
    ],
    modules: [
      "html_page/dom.js",
      "html_page/theme.js",
      ...COST_MODULES.map((name) => `cost_page/${name}.js`),
    ],
  });
  yield before;
  const { metrics, names, ...rest } = data;
  yield `${scriptJson(rest).slice(0, -1)},\n"names":${scriptJson(names)},\n"metrics":[`;
  for (const [index, metric] of metrics.entries()) {
    yield (index === 0 ? "" : ",\n") + scriptJson(metric);
  }
  yield "]}";
  yield after;
}
