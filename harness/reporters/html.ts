/**
 * HTML: one page that needs nothing besides itself, made of the files of `html_page/`.
 *
 * @module
 */
import type { Reporter } from "../report.ts";
import { dataOf, pageConditionsOf } from "./html_data.ts";
import { pageFrame } from "./page_frame.ts";
import { counting } from "./reading.ts";

/** Modules of the page in the order of their imports; each is plain JavaScript. */
export const PAGE_MODULES = [
  "dom",
  "decode",
  "names",
  "tokens",
  "causes",
  "factors",
  "state",
  "lines",
  "selection",
  "tally",
  "scene",
  "marks",
  "summary_view",
  "filters_view",
  "grid_view",
  "causes_view",
  "guest_view",
  "path_view",
  "conditions_view",
  "cells_view",
  "cell_view",
  "panel_view",
  "theme",
  "compare_view",
  "page",
] as const;

const STYLES = [
  "theme",
  "page",
  "summary",
  "grid",
  "causes",
  "panel",
  "guest",
  "phases",
  "compare",
] as const;

const [BEFORE, AFTER] = pageFrame({
  frame: "html_page/page.html",
  styles: STYLES.map((name) => `html_page/${name}.css`),
  modules: PAGE_MODULES.map((name) => `html_page/${name}.js`),
});

/** Renders `report` as one self-contained page. */
export const html: Reporter = counting(pageConditionsOf, function* (report) {
  yield BEFORE;
  yield* dataOf(report);
  yield AFTER;
});
