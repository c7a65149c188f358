/**
 * A path as a line of hops with the first bad one marked, and the transcript below it.
 */
import { transcriptOf } from "./decode.js";
import { element } from "./dom.js";
import { isOfGuest } from "./guest_view.js";
import { configurationOf, hopsOf } from "./names.js";

/** @import { Model } from "./decode.js" */

/**
 * @param {Model} model
 * @param {number} condition
 * @param {number} edge Edge that decided, or -1.
 */
export function pathView(model, condition, edge) {
  const bad = badHop(model, condition, edge);
  const hops = hopsOf(model, condition).map((hop, index) => {
    const marked = index === bad;
    return element(
      "li",
      { class: marked ? "hop bad" : "hop" },
      element("b", {}, hop.release),
      element("span", { class: "muted" }, configurationOf(model, hop)),
      marked ? element("span", { class: "flag" }, "first bad hop") : "",
    );
  });
  return element("ol", { class: "path", "aria-label": "Hops" }, ...hops);
}

/**
 * The hop that an edge's outcome points to: its writer when the save failed, else its reader.
 * @param {Model} model
 * @param {number} condition
 * @param {number} edge
 */
function badHop(model, condition, edge) {
  if (edge < 0) return -1;
  const saves = transcriptOf(model, condition).filter(({ event }) => event.startsWith("save"));
  return saves[edge]?.event === "save-failed" ? edge : edge + 1;
}

/**
 * @param {Model} model
 * @param {number} condition
 */
export function transcriptView(model, condition) {
  const told = transcriptOf(model, condition).filter(({ event }) => !isOfGuest(event));
  const lines = told.map(({ event, release, detail }) =>
    element(
      "tr",
      { class: event === "save-failed" || event === "not-restored" ? "bad" : "" },
      element("td", {}, event),
      element("td", {}, release),
      element("td", { class: "detail" }, detail),
    ),
  );
  if (lines.length === 0) return element("p", { class: "muted" }, "No line");
  const heads = ["event", "release", "detail"].map((name) => element("th", { scope: "col" }, name));
  return element(
    "table",
    { class: "transcript" },
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...lines),
  );
}
