/**
 * GitHub Actions: annotations as workflow commands, for the log of a step, and the summary of a job
 * as Markdown, both within GitHub's limits.
 *
 * Source: GitHub documentation, Workflow commands for GitHub Actions: escaping as the runner's
 * ActionCommand undoes it; a summary of a step has at most 1 MiB; a step shows 10 annotations of a
 * kind.
 *
 * @module
 */

import { counted } from "../counted.ts";
import type { Reason } from "../reasons.ts";
import { tokenOf } from "../replay_token.ts";
import type { Reporter } from "../report.ts";
import { cellsOf } from "./counts.ts";
import { markdown } from "./markdown.ts";
import { summaryOf, summing } from "./summary.ts";
import { conclusion } from "./wording.ts";

const ANNOTATIONS_MAX = 10;
const SUMMARY_OCTETS_MAX = 1024 * 1024;
/** Room for what is said where a summary is cut. */
const NOTICE_OCTETS = 512;

/** Annotations; the last one of ten counts the rest. */
export const github: Reporter = summing(function* (report) {
  const { header, end } = report;
  const { surprises } = summaryOf(report).reasons;
  const findings = [
    ...surprises.map((reason) => textOf(reason, header.seed)),
    ...(end?.stale ?? []).map((name) => ["stale expectation", `${name}: nothing bears it out`]),
    ...(end?.expired ?? []).map((name) => ["expired expectation", name]),
  ] as (readonly [string, string])[];
  const told = findings.length > ANNOTATIONS_MAX ? ANNOTATIONS_MAX - 1 : findings.length;
  for (const [title, text] of findings.slice(0, told)) yield command("error", title, text);
  const more = findings.length - told;
  if (more > 0) yield command("error", "freezethaw", `${counted(more, "further finding")}`);
  yield command("notice", `freezethaw ${header.implementation}`, conclusion(end));
});

/** The summary of a job: the Markdown report as far as it fits. */
export const githubSummary: Reporter = summing((report) =>
  limited(markdown(report), SUMMARY_OCTETS_MAX),
);

/** The lines of `pieces` that fit, and how many were cut. */
export function* limited(pieces: Iterable<string>, octetsMax: number): Generator<string> {
  let left = octetsMax - NOTICE_OCTETS;
  let [cut, fenced, rest] = [0, false, ""];
  for (const piece of pieces) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      left -= cut > 0 ? 0 : Buffer.byteLength(line) + 1;
      if (left < 0) {
        cut++;
        continue;
      }
      if (line.startsWith("```")) fenced = !fenced;
      yield `${line}\n`;
    }
  }
  if (cut === 0) return;
  if (fenced) yield "```\n";
  yield `\n${counted(cut, "further line")} did not fit; they are in the Markdown report.\n`;
}

function textOf(reason: Reason, seed: number): readonly [string, string] {
  const { scenario, condition, several, verdict, surprise } = reason;
  const why = reason.reason === "" ? "" : `: ${reason.reason}`;
  const token = tokenOf({ scenario, condition, seed });
  const found = `${verdict} on ${cellsOf(reason)}${why}; expected ${surprise}`;
  return [`${scenario}${several ? " and others" : ""}`, `${found}\n--replay ${token}`];
}

function command(kind: "error" | "notice", title: string, text: string): string {
  return `::${kind} title=${property(title)}::${data(text)}\n`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
