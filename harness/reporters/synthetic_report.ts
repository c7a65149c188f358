/**
 * A report of any size for tests of reporters: the axes, releases and breaks of OpenHCL servicing
 * with made-up reasons. It claims nothing about OpenHCL.
 *
 * @module
 */
import type { Condition } from "../condition.ts";
import { conditionName } from "../condition_name.ts";
import type { CoverageCounts } from "../coverage.ts";
import { factorsOf } from "../factors.ts";
import type { Hop, Path } from "../path.ts";
import type { CellResult, ConditionResult, Report, RunEnd, TranscriptLine } from "../report.ts";
import type { VerdictKind } from "../verdict.ts";
import { syntheticHeader } from "./synthetic_header.ts";

export interface SyntheticOptions {
  /** Conditions wanted, spread over the whole plan; all of it, 6,173, when absent. */
  readonly conditions?: number;
  /** Every nth condition has a surprise; none when 0. */
  readonly surpriseEvery?: number;
  /** Without end, as a run that was stopped. */
  readonly interrupted?: boolean;
  /** Names of expectations that matched nothing. */
  readonly stale?: readonly string[];
  /** What the run covered; unknown when absent. */
  readonly coverage?: CoverageCounts;
  /** Last word on each result. */
  readonly change?: (result: ConditionResult, index: number) => ConditionResult;
}

const CONFIGURATIONS: readonly Readonly<Record<string, string>>[] = [
  { host: "host", pool: "privatepool" },
  { host: "nohost", pool: "privatepool" },
  { host: "nohost", pool: "noprivatepool" },
];

/** Releases that keep their pool where it is persisted, so its presence cannot change. */
const PERSISTED = new Set(["1.7.2511", "1.8.2607", "main"]);

/** A report with as many conditions as asked for; the same for the same options. */
export function syntheticReport(options: SyntheticOptions = {}): Report {
  const { conditions: wanted = Number.POSITIVE_INFINITY, interrupted = false } = options;
  const every = [...plan()];
  const step = Math.max(1, every.length / wanted);
  const count = Math.min(wanted, every.length);
  const picked = Array.from({ length: count }, (_, index) => every[Math.floor(index * step)]);
  const header = syntheticHeader(interrupted ? count * 5 : count);
  function* conditions(): Generator<ConditionResult> {
    for (const [index, condition] of picked.entries()) {
      if (condition === undefined) continue;
      const result = resultOf(condition, index, options);
      yield options.change?.(result, index) ?? result;
    }
  }
  const report = { header, conditions };
  if (interrupted) return report;
  const { coverage } = options;
  const end = endOf(conditions(), options.stale ?? []);
  return { ...report, end: coverage === undefined ? end : { ...end, coverage } };

  function resultOf(
    condition: Condition,
    index: number,
    { surpriseEvery = 0 }: SyntheticOptions,
  ): ConditionResult {
    const known = breakOf(condition, index);
    const cells = header.scenarios.map(({ id }) => cellOn(id, condition, known));
    if (surpriseEvery > 0 && index % surpriseEvery === surpriseEvery - 1) surprise(cells, index);
    const name = conditionName(condition, header.axes);
    return {
      type: "condition",
      name,
      condition,
      transcript: transcriptOf(condition, known, index),
      cells,
    };
  }
}

function* plan(): Generator<Condition> {
  const { releases, axes } = syntheticHeader(0);
  const hops = CONFIGURATIONS.flatMap((inputs) => releases.map((release) => hop(release, inputs)));
  const perPath = axes.filter(({ per }) => per === "path");
  let settings: Record<string, string>[] = [{}];
  for (const { name, values, neutral } of perPath) {
    const used = neutral === undefined ? values : [neutral];
    settings = settings.flatMap((one) => used.map((value) => ({ ...one, [name]: value })));
  }
  for (const writer of hops) {
    for (const reader of hops) {
      if (poolMoves(writer, reader)) continue;
      for (const one of settings) yield { path: [writer, reader], settings: one };
    }
  }
  const kept = { request: "nvme", devices: "nvme", lifetime: "Default", fault: "none" };
  const [inputs = {}] = CONFIGURATIONS;
  for (const a of releases) {
    for (const b of releases) {
      for (const c of releases) yield { path: triple(a, b, c, inputs), settings: kept };
    }
  }
}

function hop(release: string, inputs: Readonly<Record<string, string>>): Hop {
  return { implementation: "openhcl", release, inputs };
}

function triple(a: string, b: string, c: string, inputs: Hop["inputs"]): Path {
  return [hop(a, inputs), hop(b, inputs), hop(c, inputs)];
}

function poolMoves(writer: Hop, reader: Hop): boolean {
  const persisted = PERSISTED.has(writer.release) && PERSISTED.has(reader.release);
  return persisted && writer.inputs.pool !== reader.inputs.pool;
}

interface KnownBreak {
  readonly expected: string;
  readonly verdict: VerdictKind;
  readonly reason: string;
  readonly edge: number;
  /** Prefix of the scenarios that it breaks. */
  readonly scenarios: string;
}

/** First known break on the path. */
function breakOf(condition: Condition, index: number): KnownBreak | undefined {
  for (let edge = 0; edge < condition.path.length - 1; edge += 1) {
    const found = breakOn(factorsOf(condition, edge, []), edge, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

function breakOn(f: Record<string, string>, edge: number, index: number): KnownBreak | undefined {
  const { writer = "", reader = "", request = "", devices = "", lifetime = "" } = f;
  const isNew = PERSISTED.has(writer);
  const toOld = !PERSISTED.has(reader);
  const keeps = request.includes("nvme") && devices.includes("nvme") && writer !== "2411";
  const everything = { edge, scenarios: "" };
  if (lifetime === "Ephemeral" && isNew && toOld) {
    const reason = `Cannot decode servicing state: missing required field at offset ${index % 97}`;
    return { expected: "ephemeral-vmgs-unreadable", verdict: "refused", reason, ...everything };
  }
  if (keeps && f["reader.pool"] === "noprivatepool" && reader !== "2411") {
    const reason = `Cannot restore ${1 + (index % 4)} devices as keepalive needs a private pool`;
    return { expected: "keepalive-without-pool", verdict: "crashed", reason, ...everything };
  }
  if (isNew && reader === "2505" && request.includes("mana") && devices === "nvme+mana") {
    const reason = `unrestored allocations found: 0x${(index * 4096).toString(16)}`;
    return { expected: "mana-allocations-left", verdict: "refused", reason, ...everything };
  }
  if (keeps && writer !== reader && [writer, reader].includes("2505") && !(toOld && !isNew)) {
    const [cid, queue] = [index % 512, index % 8];
    const reason = `completion of cid ${cid} read from the wrong page of queue ${queue}`;
    return { expected: "nvme-queue-layout", verdict: "failed", reason, edge, scenarios: "nvme" };
  }
  return undefined;
}

function cellOn(id: string, { settings }: Condition, known: KnownBreak | undefined): CellResult {
  if (known !== undefined && id.startsWith(known.scenarios)) {
    const { verdict, reason, edge, expected } = known;
    return { scenario: id, verdict, reason, edge, expected };
  }
  const [suite = ""] = id.split("/");
  const device = suite === "nvme" || suite === "mana" || suite === "relay" ? suite : "";
  if (settings.devices?.includes(device) !== false) return { scenario: id, verdict: "passed" };
  const reason = `Cannot run as the machine must have ${device}: it has ${settings.devices}`;
  return { scenario: id, verdict: "unsupported", reason };
}

/** Turns one cell of the condition against the expectations, in one of three ways. */
function surprise(cells: CellResult[], index: number): void {
  const at = (index * 7) % cells.length;
  const { scenario = "", expected } = cells[at] ?? {};
  if (expected !== undefined) {
    cells[at] = { scenario, verdict: "passed", surprise: `expected to fail by ${expected}` };
  } else if (index % 2 === 0) {
    const reason = `channel ${index % 16} is closed after restore: current value is Closing`;
    cells[at] = { scenario, verdict: "failed", reason, edge: 0, surprise: "expected passed" };
  } else {
    const reason = "did not come back within 30000 ms";
    cells[at] = { scenario, verdict: "hung", reason, edge: 0, surprise: "expected passed" };
  }
}

function transcriptOf(
  { path }: Condition,
  known: KnownBreak | undefined,
  index: number,
): readonly TranscriptLine[] {
  const [first, ...rest] = path;
  const lines: TranscriptLine[] = [
    { event: "started", release: first.release, detail: Object.values(first.inputs).join(",") },
    { event: "prepared", release: first.release, detail: "queues-with-outstanding-commands" },
  ];
  let writer = first;
  for (const [edge, reader] of rest.entries()) {
    const bytes = 18_000 + ((index * 7919 + edge * 31) % 5000);
    lines.push({ event: "saved", release: writer.release, detail: `${bytes} bytes` });
    const stops = known?.edge === edge && known.scenarios === "";
    const event = stops ? "not-restored" : "restored";
    lines.push({ event, release: reader.release, detail: stops ? known.reason : "resumed" });
    if (stops) break;
    lines.push(...guestLines(reader.release, edge + 1));
    writer = reader;
  }
  return lines;
}

function guestLines(release: string, tick: number): TranscriptLine[] {
  const phases = { quiesce: 2_500, start: 150_000, "first-io": 20 };
  const guest = { tick, issued: 41, done: 40, failed: 1, odd: 1, damaged: 0 };
  return [
    { event: "blackout", release, detail: "", figures: phases },
    { event: "guest", release, detail: "", figures: guest },
  ];
}

function endOf(results: Iterable<ConditionResult>, stale: readonly string[]): RunEnd {
  const verdicts: Partial<Record<VerdictKind, number>> = {};
  let [conditions, cells, surprises] = [0, 0, 0];
  for (const result of results) {
    conditions += 1;
    for (const cell of result.cells) {
      cells += 1;
      surprises += cell.surprise === undefined ? 0 : 1;
      verdicts[cell.verdict] = (verdicts[cell.verdict] ?? 0) + 1;
    }
  }
  return { type: "end", conditions, cells, verdicts, surprises, stale };
}
