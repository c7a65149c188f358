/**
 * SARIF: a rule per scenario, a result per reason why cells did not pass. What is known to break is
 * a result that is suppressed, with the link as its justification. A result points at its first
 * condition in the report of the run, as there is no source of ours that is at fault.
 *
 * Source: Static Analysis Results Interchange Format 2.1.0, OASIS Standard, 27 March 2020.
 *
 * @module
 */

import { counted } from "../counted.ts";
import type { Known, Reason } from "../reasons.ts";
import { tokenOf } from "../replay_token.ts";
import type { Report, Reporter, RunHeader } from "../report.ts";
import { exampleLines, REPORT_NAME } from "./example_lines.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { summaryOf, summing } from "./summary.ts";
import { conclusion } from "./wording.ts";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
/** Rules that no scenario is about. */
const OF_EXPECTATIONS = {
  stale: { id: "expectation/stale", must: "An expectation is borne out" },
  expired: { id: "expectation/expired", must: "An expectation has not expired" },
} as const;

export const sarif: Reporter = summing(function* (report) {
  const { header, end } = report;
  const { surprises, known } = summaryOf(report).reasons;
  const examples = [...surprises, ...known].map(({ condition }) => condition);
  const lines = exampleLines(report, new Set(examples));
  const results = [
    ...surprises.map((reason) => surpriseResult(reason, header, lines)),
    ...known.map((one) => knownResult(one, lines)),
    ...(end?.stale ?? []).map((name) => expectationResult("stale", name)),
    ...(end?.expired ?? []).map((name) => expectationResult("expired", name)),
  ];
  yield `{"$schema":"${SCHEMA}","version":"2.1.0","runs":[{\n`;
  yield `"tool":${JSON.stringify({ driver: driverOf(report) })},\n`;
  yield `"invocations":[${JSON.stringify({ executionSuccessful: end !== undefined })}],\n`;
  yield `"columnKind":"utf16CodeUnits",\n`;
  yield `"properties":${JSON.stringify({ conclusion: conclusion(end), seed: header.seed })},\n`;
  yield '"results":[';
  let separator = "\n";
  for (const result of results) {
    yield separator + JSON.stringify(result);
    separator = ",\n";
  }
  yield "]}]}\n";
});

function driverOf({ header }: Report) {
  const claims = [...header.scenarios, ...Object.values(OF_EXPECTATIONS)];
  const ids = new Set<string>();
  const rules = claims.flatMap((claim) => {
    if (ids.has(claim.id)) return [];
    ids.add(claim.id);
    const help = "source" in claim ? { help: { text: `Source: ${claim.source}` } } : {};
    return [{ id: claim.id, shortDescription: { text: claim.must }, ...help }];
  });
  return { name: "freezethaw", fullName: `freezethaw ${header.implementation}`, rules };
}

type Lines = ReadonlyMap<string, number>;

function surpriseResult(reason: Reason, { seed }: RunHeader, lines: Lines) {
  const { scenario, condition, verdict, surprise, cells, flaky = 0 } = reason;
  const why = reason.reason === "" ? "" : `: ${reason.reason}`;
  const who = `${scenario}${reason.several ? " and others" : ""}`;
  const token = tokenOf({ scenario, condition, seed });
  return {
    ruleId: scenario,
    kind: "fail",
    level: "error",
    message: {
      text: `${who} ${verdict} on ${counted(cells, "cell")}${why}; expected ${surprise}`,
    },
    locations: locationsOf(condition, lines),
    partialFingerprints: { "freezethaw/v1": fingerprintOf(reason) },
    properties: { cells, flaky, replay: token },
  };
}

function knownResult(known: Known, lines: Lines) {
  const { expectation, scenario, condition, cells, conditions } = known;
  const { name, verdict, reason, note, link } = expectation;
  return {
    ruleId: scenario,
    kind: "fail",
    level: "warning",
    message: { text: `${name}: ${verdict}: ${reason}. ${note}` },
    locations: locationsOf(condition, lines),
    partialFingerprints: { "freezethaw/v1": fingerprintOf(known) },
    suppressions: [{ kind: "external", status: "accepted", justification: `${note} ${link}` }],
    properties: { cells, conditions },
  };
}

function expectationResult(how: "stale" | "expired", name: string) {
  const { id, must } = OF_EXPECTATIONS[how];
  return {
    ruleId: id,
    kind: "fail",
    level: "error",
    message: { text: `${must}: ${name} is ${how}` },
    locations: [{ physicalLocation: placeAt(1) }],
    partialFingerprints: { "freezethaw/v1": fingerprintOf(`${how} ${name}`) },
  };
}

function locationsOf(condition: string, lines: Lines) {
  return [
    {
      physicalLocation: placeAt(lines.get(condition) ?? 1),
      logicalLocations: [{ fullyQualifiedName: condition, kind: "condition" }],
    },
  ];
}

function placeAt(startLine: number) {
  return { artifactLocation: { uri: REPORT_NAME }, region: { startLine } };
}
