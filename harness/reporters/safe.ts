/**
 * Reporters that nothing can be said through: texts of a report may be an adapter's, and an
 * adapter's may be anybody's. What a terminal, a page or a reader would take for something else
 * than a character in its place is replaced, and texts have an end. Each reporter still escapes
 * what is special in its own format.
 *
 * @module
 */
import type { Report, Reporter } from "../report.ts";
import { withTexts } from "../report_texts.ts";
import { visible } from "../visible.ts";

/** UTF-16 units of a text that anybody reads. */
const TEXT_LENGTH_MAX = 4_000;

/** Reporters that are given one report share what they make of it. */
const safeReports = new WeakMap<Report, Report>();

/** `report` with texts that are safe to show. */
export function safeReport(report: Report): Report {
  const known = safeReports.get(report) ?? withTexts(report, safeText);
  safeReports.set(report, known);
  return known;
}

/** `reporter`, given only texts that are safe to show. */
export function safely(reporter: Reporter): Reporter {
  return Object.assign((report: Report) => reporter(safeReport(report)), {
    announce: (report: Report) => reporter.announce?.(safeReport(report)),
  });
}

function safeText(text: string): string {
  if (text.length <= TEXT_LENGTH_MAX) return visible(text);
  const more = text.length - TEXT_LENGTH_MAX;
  return `${visible(text.slice(0, TEXT_LENGTH_MAX))}… (${more} more)`;
}
