/**
 * GitLab's code quality report: an issue per reason why cells surprise, and one of no weight for
 * each known break. What GitLab shows of tests it takes from JUnit.
 *
 * Source: GitLab documentation, Code Quality report format.
 *
 * @module
 */

import { counted } from "../counted.ts";
import type { Known, Reason } from "../reasons.ts";
import type { Reporter } from "../report.ts";
import { exampleLines, REPORT_NAME } from "./example_lines.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { summaryOf, summing } from "./summary.ts";

type Severity = "info" | "minor" | "major" | "critical" | "blocker";

export const gitlab: Reporter = summing(function* (report) {
  const { surprises, known } = summaryOf(report).reasons;
  const examples = [...surprises, ...known].map(({ condition }) => condition);
  const lines = exampleLines(report, new Set(examples));
  const { stale = [], expired = [] } = report.end ?? {};
  const issues = [
    ...surprises.map((reason) => issueOf(reason, reason.scenario, severityOf(reason), lines)),
    ...known.map((one) => issueOf(one, one.expectation.name, "info", lines)),
    ...stale.map((name) => expectationIssue(name, "nothing bears it out")),
    ...expired.map((name) => expectationIssue(name, "it has expired")),
  ];
  yield "[";
  let separator = "\n";
  for (const issue of issues) {
    yield separator + JSON.stringify(issue);
    separator = ",\n";
  }
  yield "\n]\n";
});

/** A machine that came back with a loss is better off than one that did not come back. */
function severityOf({ verdict }: Reason): Severity {
  if (verdict === "passed") return "minor";
  return verdict === "failed" || verdict === "refused" ? "major" : "critical";
}

function issueOf(
  finding: Reason | Known,
  check: string,
  severity: Severity,
  lines: ReadonlyMap<string, number>,
) {
  return {
    description: descriptionOf(finding),
    check_name: check,
    fingerprint: fingerprintOf(finding),
    severity,
    location: { path: REPORT_NAME, lines: { begin: lines.get(finding.condition) ?? 1 } },
  };
}

function descriptionOf(finding: Reason | Known): string {
  const such = `such as ${finding.condition}`;
  if ("expectation" in finding) {
    const { note, link } = finding.expectation;
    return `Known: ${note} ${link} (${counted(finding.cells, "cell")}, ${such})`;
  }
  const { scenario, several, verdict, reason, surprise, cells } = finding;
  const why = reason === "" ? "" : `: ${reason}`;
  const who = `${scenario}${several ? " and others" : ""}`;
  return `${who} ${verdict} on ${counted(cells, "cell")}${why}; expected ${surprise}; ${such}`;
}

function expectationIssue(name: string, why: string) {
  return {
    description: `Expectation ${name}: ${why}`,
    check_name: "expectation",
    fingerprint: fingerprintOf(`${name}: ${why}`),
    severity: "major" satisfies Severity,
    location: { path: REPORT_NAME, lines: { begin: 1 } },
  };
}
