/**
 * Causes: why cells broke, between which releases, and what is known about it. Unexpected ones
 * come first and apart.
 */
import { counted, element, grouped, linked, place } from "./dom.js";
import { verdictBadge } from "./marks.js";
import { formatState, listing } from "./state.js";

/** @import { Cause } from "./causes.js" */
/** @import { Scene } from "./scene.js" */
/** @import { CauseSum } from "./tally.js" */

/** Pairs of releases shown in a row; more of them are counted. */
const PAIRS_MAX = 3;

/** Unexpected causes shown at once, so that the grid stays in sight. */
const OPEN_MAX = 4;

/** Causes listed at all; a run that is broken altogether has thousands. */
const CAUSES_MAX = 100;

/** @param {Scene} scene */
export function renderCauses(scene) {
  const { causes } = scene.known;
  const shown = causes.list
    .map((cause, index) => ({ cause, sum: scene.tally.causes[index] }))
    .filter(({ sum }) => sum.cells > 0)
    .sort((a, b) => b.cause.rank - a.cause.rank || b.sum.cells - a.sum.cells);
  const unexpected = shown.filter(({ cause }) => cause.unexpected);
  const known = shown.filter(({ cause }) => !cause.unexpected);
  known.sort((a, b) => b.sum.cells - a.sum.cells);
  const focused = document.activeElement?.getAttribute("data-cause") ?? "";
  fill("unexpected", "Unexpected", scene, unexpected);
  fill("known", "Known breaks", scene, known);
  if (focused !== "") focusCause(focused);
}

/**
 * Gives the focus back to a cause that was drawn again.
 * @param {string} key
 */
function focusCause(key) {
  for (const id of ["unexpected", "known"]) {
    const links = [...place(id).querySelectorAll("a")];
    links.find((link) => link.dataset.cause === key)?.focus();
  }
}

/**
 * @param {string} id
 * @param {string} title
 * @param {Scene} scene
 * @param {{ cause: Cause, sum: CauseSum }[]} shown
 */
function fill(id, title, scene, shown) {
  const section = place(id);
  section.hidden = shown.length === 0;
  const open = id === "unexpected" ? OPEN_MAX : CAUSES_MAX;
  const rows = shown.slice(0, CAUSES_MAX).map(({ cause, sum }) => rowOf(scene, cause, sum));
  section.replaceChildren(
    element("h2", {}, title, element("small", {}, ` ${counted(shown.length, "cause")}`)),
    element("ul", { class: "causes" }, ...rows.slice(0, open)),
    ...(rows.length > open ? [furtherCauses(rows.slice(open), shown.length)] : []),
  );
}

/**
 * @param {Node[]} rows
 * @param {number} total
 */
function furtherCauses(rows, total) {
  const unlisted = total - CAUSES_MAX;
  return element(
    "details",
    { class: "further" },
    element("summary", {}, counted(rows.length, "further cause")),
    element("ul", { class: "causes" }, ...rows),
    unlisted > 0 ? `${counted(unlisted, "cause")} more: filter or search to see them` : "",
  );
}

/**
 * @param {Scene} scene
 * @param {Cause} cause
 * @param {CauseSum} sum
 */
function rowOf({ known: { model }, state }, cause, sum) {
  const { reason, surprise } = model.outcomes[cause.sample];
  const expectation = model.expectations.get(cause.expectation);
  const chosen = state.cause === cause.key;
  const href = formatState(listing(state, { cause: chosen ? "" : cause.key, square: "" }));
  const title = expectation?.note ?? (reason || surprise);
  const details = [];
  if (cause.unexpected && reason !== "")
    details.push(element("p", { class: "expected" }, surprise));
  if (expectation !== undefined) {
    details.push(element("p", { class: "reason" }, reason));
    details.push(element("p", { class: "link" }, `${expectation.name} `, linked(expectation.link)));
  }
  return element(
    "li",
    { class: cause.unexpected ? "cause surprise" : "cause" },
    verdictBadge(model, cause.sample),
    element(
      "div",
      { class: "why" },
      element("a", { href, "data-cause": cause.key, "aria-current": String(chosen) }, title),
      ...details,
    ),
    element("div", { class: "pairs" }, ...pairsOf(sum)),
    element(
      "div",
      { class: "size" },
      element("b", {}, grouped(sum.cells)),
      ` cell${sum.cells === 1 ? "" : "s"}`,
      element("br", {}),
      counted(sum.conditions, "condition"),
      ...(sum.flaky > 0 ? [element("br", {}), `~ ${grouped(sum.flaky)} flaky`] : []),
    ),
  );
}

/** @param {CauseSum} sum */
function pairsOf({ readers }) {
  const pairs = [...readers].map(([writer, read]) =>
    element("p", {}, `${writer} → ${[...read].join(", ")}`),
  );
  const rest = pairs.length - PAIRS_MAX;
  if (rest <= 0) return pairs;
  return [...pairs.slice(0, PAIRS_MAX), element("p", {}, `+ ${counted(rest, "writer")}`)];
}
