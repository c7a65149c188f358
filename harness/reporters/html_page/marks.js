/**
 * Marks of verdicts: colour, glyph and word, so that none of them has to be told apart alone.
 */
import { element, grouped } from "./dom.js";

/** @import { Model } from "./decode.js" */
/** @import { Sum } from "./tally.js" */

/**
 * The glyph of an outcome.
 * @param {Model} model
 * @param {number} outcome
 */
export function glyph(model, outcome) {
  const { verdict, surprise } = model.outcomes[outcome];
  const unexpected = surprise !== "";
  const word = model.kinds[verdict] + (unexpected ? ", unexpected" : "");
  return element(
    "span",
    {
      class: `glyph ${classOf(model, verdict, unexpected)}`,
      role: "img",
      "aria-label": word,
      title: word,
    },
    model.symbols[verdict],
  );
}

/**
 * Glyph and word of an outcome, and whether it was foreseen.
 * @param {Model} model
 * @param {number} outcome
 */
export function badge(model, outcome) {
  const { surprise, expected } = model.outcomes[outcome];
  const suffix = surprise !== "" ? ", unexpected" : expected !== "" ? ", known" : "";
  const built = verdictBadge(model, outcome);
  built.append(suffix);
  return built;
}

/**
 * Glyph and word of an outcome, for places that say whether it was foreseen.
 * @param {Model} model
 * @param {number} outcome
 */
export function verdictBadge(model, outcome) {
  const { verdict, surprise } = model.outcomes[outcome];
  return element(
    "span",
    { class: `badge ${classOf(model, verdict, surprise !== "")}` },
    element("span", { "aria-hidden": "true" }, `${model.symbols[verdict]} `),
    model.kinds[verdict],
  );
}

/**
 * Counts by verdict: `✗ 3 ✓ 36`.
 * @param {Model} model
 * @param {Sum} sum
 */
export function verdictCounts(model, sum) {
  const parts = model.kinds.flatMap((kind, verdict) => {
    const count = sum.verdicts[verdict] ?? 0;
    if (count === 0) return [];
    const label = `${grouped(count)} ${kind}`;
    return element(
      "span",
      {
        class: `count ${classOf(model, verdict, false)}`,
        role: "img",
        "aria-label": label,
        title: label,
      },
      `${model.symbols[verdict]} ${grouped(count)}`,
    );
  });
  if (sum.flaky > 0)
    parts.push(element("span", { class: "count" }, `~ ${grouped(sum.flaky)} flaky`));
  if (sum.surprises > 0) parts.unshift(unexpectedCount(sum.surprises));
  return element("span", { class: "counts" }, ...parts);
}

/** @param {number} surprises */
function unexpectedCount(surprises) {
  const label = `${grouped(surprises)} unexpected`;
  return element("span", { class: "count surprise" }, label);
}

/**
 * @param {Model} model
 * @param {number} verdict
 * @param {boolean} unexpected
 */
export function classOf(model, verdict, unexpected) {
  const kind = model.kinds[verdict].replace(/[^a-z]/g, "");
  return unexpected ? `verdict-${kind} surprise` : `verdict-${kind}`;
}
