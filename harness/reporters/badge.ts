/**
 * A badge as SVG: how the run came out, for a page about the implementation.
 *
 * @module
 */

import { counted } from "../counted.ts";
import type { Reporter, RunEnd } from "../report.ts";
import { summaryOf, summing } from "./summary.ts";

/** Width of a character and of the space around a text, in pixels at 11 pixels of size. */
const [CHARACTER_WIDTH, PADDING] = [6.6, 12];
/** White text has a contrast of 4.5 or more on each. */
const COLOURS = { good: "#2e7d32", bad: "#b3261e", unknown: "#5f6368" } as const;

type Answer = readonly [keyof typeof COLOURS, string];

export const badge: Reporter = summing(function* (report) {
  const { known } = summaryOf(report).reasons;
  const [how, text] = answerOf(report.end, known.length);
  const subject = `${report.header.implementation} save/restore`;
  const [left, right] = [subject, text].map(widthOf) as [number, number];
  const width = left + right;
  const label = xml(`${subject}: ${text}`);
  yield `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" `;
  yield `aria-label="${label}"><title>${label}</title>`;
  yield `<rect width="${left}" height="20" fill="#444"/>`;
  yield `<rect x="${left}" width="${right}" height="20" fill="${COLOURS[how]}"/>`;
  yield '<g fill="#fff" text-anchor="middle" font-size="11" ';
  yield 'font-family="Verdana,Geneva,DejaVu Sans,sans-serif">';
  yield `<text x="${left / 2}" y="14">${xml(subject)}</text>`;
  yield `<text x="${left + right / 2}" y="14">${xml(text)}</text></g></svg>\n`;
});

function answerOf(end: RunEnd | undefined, known: number): Answer {
  if (end === undefined) return ["unknown", "unknown"];
  const { adapterFaults = 0, surprises, stale, expired = [], cells } = end;
  if (adapterFaults > 0) return ["bad", "adapter broke"];
  if (surprises > 0) return ["bad", counted(surprises, "surprise")];
  const old = stale.length + expired.length;
  if (old > 0) return ["bad", counted(old, "stale expectation")];
  if (cells === 0) return ["unknown", "nothing was asked"];
  return ["good", known === 0 ? "all pass" : `as expected, ${counted(known, "known break")}`];
}

function widthOf(text: string): number {
  return Math.round([...text].length * CHARACTER_WIDTH) + PADDING;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

function xml(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? "").replaceAll('"', "&quot;");
}
