/**
 * The metrics of one hop: what it moved and asked for, what the guest missed by the virtual clock,
 * and what it took by the real one.
 *
 * @module
 */
import type { TranscriptLine } from "../report.ts";
import type { MeteredHop } from "./hop_meter.ts";
import { pagesOf } from "./machine_figures.ts";

/** Values by the name of a metric, of {@linkcode unitOf}. */
export type HopMetrics = ReadonlyMap<string, number>;

/** Processor time of programs by the verb of a hop, where somebody counts it. */
export const PROCESSOR = {
  save: "processor of save",
  restore: "processor of restore",
  goOn: "processor of go-on",
} as const;

/** Metrics of real clocks; all others are exact, unless they differ from pass to pass. */
export const TIMED: ReadonlySet<string> = new Set([
  "save",
  "restore",
  "go-on",
  "hop",
  "this process",
  "around",
  ...Object.values(PROCESSOR),
]);

/** What metrics say, for those who read a page. */
export const MEANINGS: Readonly<Record<string, string>> = {
  saved: "size of the saved state",
  fields: "values in the saved state, decoded",
  blackout: "from the stop of the machine to the first answer its guest got, by its own clock",
  "blackout/quiesce": "of the blackout: processors and units stop",
  "blackout/drain": "of the blackout: answers are waited for, devices let go, logs flushed",
  "blackout/serialise": "of the blackout: the state is saved and encoded",
  "blackout/transfer": "of the blackout: the host takes the state and hands it out again",
  "blackout/start": "of the blackout: the new release boots, up to its devices",
  "blackout/decode": "of the blackout: the state is decoded",
  "blackout/reattach": "of the blackout: devices and units take over their state and start",
  "blackout/first-io": "of the blackout: the guest runs and waits for its first answer",
  pages: "pages of the pools that the restored machine holds",
  "pages kept": "those of them that the machine before held",
  "pages new": "those of them that it did not",
  allocations: "allocations of the pools after the restore",
  commands: "admin commands that devices saw after the restore",
  resets: "resets that devices saw",
  save: "the save, from request to state",
  restore: "the restore, from state to a machine that runs",
  "go-on": "until its guest is at work again",
  hop: "save, restore and going on together",
  [PROCESSOR.save]: "what the programs computed for the save, of all their threads",
  [PROCESSOR.restore]: "what they computed for the restore, their start included",
  [PROCESSOR.goOn]: "what they computed until the guest was at work again",
  "this process": "processor time of freezethaw in the hop; all of it where the model is embedded",
  around: "what freezethaw took around the hop: set-up, questions, clearing away",
};

export function unitOf(metric: string): string {
  if (TIMED.has(metric)) return "ms";
  if (metric === "saved") return "B";
  return metric.startsWith("blackout") ? "µs" : "";
}

export interface HopInput {
  readonly hop: MeteredHop;
  /** Phases of its blackout in microseconds. */
  readonly phases: Readonly<Record<string, number>>;
  /** Values in its state, where its format is known. */
  readonly fields?: number;
  /** What the harness took of real time besides. */
  readonly aroundMs: number;
}

export function hopMetrics({ hop, phases, fields, aroundMs }: HopInput): HopMetrics {
  const { state, before, after } = hop;
  const metrics = new Map<string, number>([["saved", state.bytes.length]]);
  if (fields !== undefined) metrics.set("fields", fields);
  const us = Object.entries(phases);
  if (us.length > 0) {
    metrics.set(
      "blackout",
      us.reduce((sum, [, each]) => sum + each, 0),
    );
    for (const [phase, each] of us) metrics.set(`blackout/${phase}`, each);
  }
  if (after.allocated !== null) {
    const { held, kept } = pagesOf(before.allocated, after.allocated);
    metrics
      .set("pages", held)
      .set("pages kept", kept)
      .set("pages new", held - kept);
    metrics.set("allocations", after.allocated.length);
  }
  if (after.commands !== null) metrics.set("commands", after.commands);
  if (after.resets !== null) metrics.set("resets", after.resets - (before.resets ?? 0));
  return setTimes(metrics, hop, aroundMs);
}

function setTimes(
  metrics: Map<string, number>,
  { save, restore, goOn }: MeteredHop,
  aroundMs: number,
): HopMetrics {
  for (const [verb, took] of Object.entries({ save, restore, ...(goOn && { goOn }) })) {
    if (took.programsMs) metrics.set(PROCESSOR[verb as keyof typeof PROCESSOR], took.programsMs);
  }
  const parts = goOn === undefined ? [save, restore] : [save, restore, goOn];
  metrics.set("save", save.ms).set("restore", restore.ms);
  if (goOn !== undefined) metrics.set("go-on", goOn.ms);
  metrics.set(
    "hop",
    parts.reduce((sum, { ms }) => sum + ms, 0),
  );
  metrics.set(
    "this process",
    parts.reduce((sum, { ownMs }) => sum + ownMs, 0),
  );
  return metrics.set("around", aroundMs);
}

/** The phases of the blackout of each edge, as a transcript has them. */
export function phasesOf(
  transcript: readonly TranscriptLine[],
): readonly Readonly<Record<string, number>>[] {
  const edges: Readonly<Record<string, number>>[] = [];
  for (const { event, figures = {} } of transcript) {
    if (event === "restored") edges.push({});
    if (event === "blackout") edges[Math.max(0, edges.length - 1)] = figures;
  }
  return edges;
}

/** How many values a decoded state has; what holds others is none itself. */
export function fieldsOf(value: unknown): number {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return 1;
  return Object.values(value).reduce((sum: number, each) => sum + fieldsOf(each), 0);
}
