/**
 * Header of a synthetic report: axes and releases of OpenHCL servicing, forty scenarios, and four
 * known breaks. Data for tests of reporters.
 *
 * @module
 */
import type { Axis } from "../axis.ts";
import type { Expectation } from "../expectation.ts";
import type { RunHeader, ScenarioHeader } from "../report.ts";

const RELEASES = ["2411", "2505", "1.7.2511", "1.8.2607", "main"];
const PERSISTED = ["1.7.2511", "1.8.2607", "main"];

const AXES: readonly Axis[] = [
  { name: "host", per: "hop", values: ["host", "nohost"], meaning: "Host allows keepalive" },
  {
    name: "pool",
    per: "hop",
    values: ["privatepool", "noprivatepool"],
    meaning: "A private pool is present",
  },
  {
    name: "request",
    per: "path",
    values: ["none", "nvme", "mana", "nvme+mana"],
    meaning: "Devices that the request asks to keep alive",
  },
  {
    name: "devices",
    per: "path",
    values: ["none", "nvme", "nvme+mana", "relay"],
    meaning: "Devices of the machine",
  },
  {
    name: "lifetime",
    per: "path",
    values: ["Default", "Ephemeral"],
    meaning: "Lifetime of the guest state",
  },
  {
    name: "fault",
    per: "path",
    values: ["none", "save-stuck", "save-fail", "restore-stuck"],
    neutral: "none",
    meaning: "Fault injected into servicing",
  },
];

/** Suites of ten scenarios that four suites of claims would have. */
const CLAIMS: readonly (readonly [suite: string, must: string])[] = [
  ["nvme", "An NVMe command outstanding at save must complete exactly once after restore"],
  ["mana", "A MANA queue must carry on where it stopped"],
  ["relay", "A relayed channel must stay open over servicing"],
  ["oracle", "Every DMA page must have one owner after restore"],
];

const SUBJECTS = [
  "outstanding-commands",
  "identity",
  "interrupt-vectors",
  "page-ownership",
  "queue-depth",
  "doorbells",
  "shadow-registers",
  "namespace-list",
  "correlation-id",
  "inspect-tree",
];

const EXPECTATIONS: readonly Expectation[] = [
  {
    name: "ephemeral-vmgs-unreadable",
    factors: { writer: PERSISTED, reader: ["2411", "2505"], lifetime: "Ephemeral" },
    verdict: "refused",
    reason: "missing required field",
    link: "https://example.org/issues/101",
    note: "Ephemeral guest state leaves VMGS out, which readers before 1.7 require",
  },
  {
    name: "keepalive-without-pool",
    factors: { request: ["nvme", "nvme+mana"], "reader.pool": "noprivatepool" },
    verdict: "crashed",
    reason: "keepalive needs a private pool",
    link: "https://example.org/issues/102",
    note: "Keepalive state restored where no private pool exists refuses to boot",
  },
  {
    name: "mana-allocations-left",
    factors: { writer: PERSISTED, reader: "2505", devices: "nvme+mana" },
    verdict: "refused",
    reason: "unrestored allocations found",
    link: "https://example.org/issues/103",
    note: "MANA keepalive downgraded to 2505 leaves allocations that nobody restores",
  },
  {
    name: "nvme-queue-layout",
    factors: { writer: RELEASES, reader: RELEASES, request: ["nvme", "nvme+mana"] },
    scenarios: ["nvme/*"],
    verdict: "failed",
    reason: "read from the wrong page",
    link: "https://example.org/issues/104",
    note: "The page layout of queues changed between 2505 and 1.7 without a change of schema",
  },
];

const SCENARIOS: readonly ScenarioHeader[] = CLAIMS.flatMap(([suite, must]) =>
  SUBJECTS.map((subject) => ({
    id: `${suite}/${subject}`,
    must: `${must} (${subject})`,
    source: `Servicing guide, section ${subject}, https://example.org/guide#${subject}`,
  })),
);

/** Header of a run that planned `planned` conditions. */
export function syntheticHeader(planned: number): RunHeader {
  return {
    type: "run",
    schema: 1,
    implementation: "openhcl",
    releases: RELEASES,
    axes: AXES,
    seed: 1,
    planned,
    pruned: [
      {
        name: "persisted-pool",
        reason: "Between releases from 1.7 on the pool comes from the persisted region",
        count: 1152,
      },
    ],
    scenarios: SCENARIOS,
    expectations: EXPECTATIONS,
  };
}
