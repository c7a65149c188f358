/**
 * What the guest saw, hop by hop: its tick, its requests, its packets, its memory, and for how long
 * it stood still, by phases.
 */
import { transcriptOf } from "./decode.js";
import { element, grouped } from "./dom.js";

/** @import { Model } from "./decode.js" */

/** @typedef {ReadonlyMap<string, number>} Figures */

/**
 * @typedef {object} Stop
 * @property {string} release
 * @property {Figures} guest
 * @property {Figures} blackout Phases in microseconds, in their order; empty for a fresh boot.
 */

/**
 * True for lines that are shown here.
 * @param {string} event
 */
export function isOfGuest(event) {
  return event === "guest" || event === "blackout";
}

/**
 * Empty when no guest told anything.
 * @param {Model} model
 * @param {number} condition
 * @returns {(Node | string)[]}
 */
export function guestView(model, condition) {
  const stops = stopsOf(model, condition);
  if (stops.length === 0) return [];
  const longest = Math.max(...stops.map(({ blackout }) => sumOf(blackout)));
  return [
    element("h3", {}, "What the guest saw"),
    element("ol", { class: "stops" }, ...stops.map((stop) => stopView(stop, longest))),
  ];
}

/**
 * @param {Model} model
 * @param {number} condition
 * @returns {Stop[]}
 */
function stopsOf(model, condition) {
  /** @type {Stop[]} */
  const stops = [];
  /** @type {Figures} */
  let blackout = new Map();
  for (const { event, release, detail } of transcriptOf(model, condition)) {
    if (event === "started") blackout = new Map();
    if (event === "blackout") blackout = figuresOf(detail);
    if (event === "guest") stops.push({ release, guest: figuresOf(detail), blackout });
  }
  return stops;
}

/**
 * @param {string} text `tick 2, issued 41`
 * @returns {Figures}
 */
function figuresOf(text) {
  return new Map(
    text.split(", ").map((figure) => {
      const [name, value] = figure.split(" ");
      return [name, Number(value)];
    }),
  );
}

/**
 * @param {Stop} stop
 * @param {number} longest Microseconds.
 */
function stopView({ release, guest, blackout }, longest) {
  return element(
    "li",
    {},
    blackout.size === 0 ? "" : blackoutView(blackout, longest),
    element("p", {}, element("b", {}, release), ` ${sentence(guest)}`),
  );
}

/** @param {Figures} guest */
function sentence(guest) {
  /** @param {string} name */
  const of = (name) => guest.get(name) ?? 0;
  const parts = [`tick ${of("tick")}`];
  if (of("issued") > 0) parts.push(`${of("done")} of ${of("issued")} requests done`);
  if (of("failed") > 0) parts.push(`${of("failed")} failed`);
  if (of("outstanding") > 0) parts.push(`${of("outstanding")} outstanding`);
  if (of("sent") > 0) parts.push(`${of("returned")} of ${of("sent")} packets back`);
  if (of("odd") > 0) parts.push(`${of("odd")} oddities`);
  parts.push(of("damaged") > 0 ? `${of("damaged")} pages damaged` : "memory whole");
  return parts.join(", ");
}

/**
 * @param {Figures} blackout
 * @param {number} longest
 */
function blackoutView(blackout, longest) {
  const total = sumOf(blackout);
  const bars = [...blackout].map(([phase, us], index) =>
    grown(us, { class: `phase phase-${index}`, title: `${phase}: ${grouped(us)} µs` }),
  );
  const parts = [...blackout].map(([phase, us], index) =>
    element(
      "span",
      { class: "part" },
      element("i", { class: `phase phase-${index}` }),
      `${phase} ${grouped(us)}`,
    ),
  );
  return element(
    "div",
    { class: "blackout" },
    element("span", { class: "muted" }, `stood still for ${grouped(total)} µs`),
    element("span", { class: "bar" }, ...bars, grown(longest - total, {})),
    element("span", { class: "parts" }, ...parts),
  );
}

/**
 * A part of a bar. The policy of the page allows no style in an attribute.
 * @param {number} share
 * @param {Record<string, string>} properties
 */
function grown(share, properties) {
  const part = element("i", properties);
  part.style.flexGrow = `${share}`;
  return part;
}

/** @param {Figures} figures */
function sumOf(figures) {
  return [...figures.values()].reduce((sum, value) => sum + value, 0);
}
