/**
 * What failed unexpectedly in a run, in groups: cells with one signature, of scenarios for which
 * the same factors tell failing edges from passing ones.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Axis } from "../axis.ts";
import type { Condition } from "../condition.ts";
import { edgeVocabulary, factorsOf } from "../factors.ts";
import { edgesReached, isDisturbed } from "../reached.ts";
import type { CellResult, ConditionResult, RunHeader } from "../report.ts";
import type { VerdictKind } from "../verdict.ts";
import { covers, type Explanation, explain, type Factors, factorsText } from "./explain.ts";
import { sharedReason, signatureOf } from "./signature.ts";

/** An edge on which something failed. */
export interface FailedEdge {
  readonly condition: Condition;
  readonly edge: number;
}

export interface Group {
  readonly verdict: VerdictKind;
  /** What all their reasons have. */
  readonly reason: string;
  readonly scenarios: readonly string[];
  /** Cells of the run; the conditions of further ones do not count. */
  readonly cells: number;
  /** Cells of further conditions that failed as foretold. */
  readonly further: number;
  /** A condition of the run, and some of the edges. */
  readonly example: string;
  readonly edges: readonly FailedEdge[];
  /** As {@linkcode explain} finds them; one that is not exact is alone. */
  readonly explanations: readonly Explanation[];
}

/** Groups of one run; with more it is broken as a whole. */
export const GROUPS_MAX = 200;
/** Edges of a group that are kept as examples. */
const EDGES_MAX = 8;
/** Verdicts that say nothing of a release, and are never a failure of it. */
const SILENT: ReadonlySet<VerdictKind> = new Set(["unsupported", "error"]);

/** A signature on a scenario. */
interface Failed {
  readonly verdict: VerdictKind;
  readonly reasons: Set<string>;
  readonly example: string;
  /** Numbers of edges. */
  readonly edges: number[];
  cells: number;
  further: number;
}

interface Subject {
  readonly passing: number[];
  readonly failing: Map<string, Failed>;
}

export class Failures {
  readonly #axes: readonly Axis[];
  readonly #names: readonly string[];
  readonly #edges: FailedEdge[] = [];
  readonly #factors: Factors[] = [];
  readonly #subjects = new Map<string, Subject>();
  /** By what was compared; scenarios often fail on the same edges. */
  readonly #explained = new Map<string, readonly Explanation[]>();
  readonly #known = new Set<string>();

  constructor(header: RunHeader) {
    this.#axes = header.axes;
    // In pairs `first` is the writer; it is only named where nothing else will do.
    const names = [...edgeVocabulary(header).keys()].filter((name) => name !== "first");
    this.#names = [...names, "first"];
  }

  /** Names of the conditions that were added. */
  get known(): ReadonlySet<string> {
    return this.#known;
  }

  /** Adds a condition of the run, or a `further` one, which makes no group of its own. */
  add(result: ConditionResult, isFurther = false): void {
    const { condition, name, cells } = result;
    this.#known.add(name);
    const first = this.#edges.length;
    const reached = edgesReached(result);
    for (let edge = 0; edge < condition.path.length - 1; edge++) {
      this.#edges.push({ condition, edge });
      this.#factors.push(factorsOf(condition, edge, this.#axes));
    }
    // Nothing is certain behind an edge that a fault disturbs.
    const telling = isDisturbed(condition, this.#axes) ? Math.min(reached, 1) : reached;
    for (const cell of cells) {
      if (SILENT.has(cell.verdict)) continue;
      const subject = this.#subject(cell.scenario);
      const edge = cell.verdict === "passed" ? telling : (cell.edge ?? 0);
      for (let before = 0; before < edge; before++) subject.passing.push(first + before);
      if (cell.verdict === "passed" || cell.surprise === undefined) continue;
      fail(subject, cell, name, first + edge, isFurther);
    }
  }

  /** Whether `scenario` passes on an edge that `explanation` covers. */
  passesIn(explanation: Explanation, scenario: string): boolean {
    const { passing } = this.#subjects.get(scenario) ?? { passing: [] };
    return passing.some((number) => covers(explanation, this.#factors[number] ?? {}));
  }

  /** Most cells first. */
  groups(): readonly Group[] {
    const groups = new Map<
      string,
      (Failed & { scenario: string; why: readonly Explanation[] })[]
    >();
    for (const [scenario, { passing, failing }] of this.#subjects) {
      for (const [signature, failed] of failing) {
        const why = this.#explain(failed.edges, passing);
        const key = `${signature}\n${factorsText(why[0]?.factors ?? {})}\n${why[0]?.passing}`;
        if (groups.size >= GROUPS_MAX && !groups.has(key)) continue;
        groups.set(key, [...(groups.get(key) ?? []), { ...failed, scenario, why }]);
      }
    }
    return [...groups.values()]
      .map((members) => this.#group(members))
      .toSorted((a, b) => b.cells - a.cells);
  }

  #group(members: readonly (Failed & { scenario: string; why: readonly Explanation[] })[]): Group {
    const [first] = members as [(typeof members)[0]];
    const numbers = new Set(members.flatMap(({ edges }) => edges.slice(0, EDGES_MAX)));
    const sum = (of: "cells" | "further") => members.reduce((total, one) => total + one[of], 0);
    return {
      verdict: first.verdict,
      reason: sharedReason(members.flatMap(({ reasons }) => [...reasons])),
      scenarios: members.map(({ scenario }) => scenario),
      cells: sum("cells"),
      further: sum("further"),
      example: first.example,
      edges: [...numbers].slice(0, EDGES_MAX).flatMap((number) => this.#edges[number] ?? []),
      explanations: first.why,
    };
  }

  #explain(failing: readonly number[], passing: readonly number[]): readonly Explanation[] {
    const key = createHash("sha256").update(`${failing}|${passing}`).digest("base64");
    const known = this.#explained.get(key);
    if (known !== undefined) return known;
    const weighed = (numbers: readonly number[]) =>
      numbers.map((number) => ({ factors: this.#factors[number] ?? {}, cells: 1 }));
    const found = explain(weighed(failing), weighed(passing), this.#names);
    this.#explained.set(key, found);
    return found;
  }

  #subject(scenario: string): Subject {
    const known = this.#subjects.get(scenario);
    if (known !== undefined) return known;
    const subject: Subject = { passing: [], failing: new Map() };
    this.#subjects.set(scenario, subject);
    return subject;
  }
}

function fail(
  { failing }: Subject,
  cell: CellResult,
  example: string,
  edge: number,
  isFurther: boolean,
): void {
  const signature = signatureOf(cell);
  let failed = failing.get(signature);
  if (failed === undefined) {
    if (isFurther) return;
    const { verdict } = cell;
    failed = { verdict, reasons: new Set(), example, edges: [], cells: 0, further: 0 };
    failing.set(signature, failed);
  }
  if (isFurther) failed.further++;
  else failed.cells++;
  failed.reasons.add(cell.reason ?? "");
  failed.edges.push(edge);
}
