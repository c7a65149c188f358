/**
 * What failed unexpectedly in a run, in groups: cells with one signature, of scenarios for which
 * the same factors tell failing edges from passing ones.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Axis } from "../axis.ts";
import type { Condition } from "../condition.ts";
import { factorsOf, factorValues } from "../factors.ts";
import { edgesReached, isDisturbed } from "../reached.ts";
import type { CellResult, ConditionResult, RunHeader } from "../report.ts";
import type { VerdictKind } from "../verdict.ts";
import {
  covers,
  type Explanation,
  explain,
  type Factors,
  factorsText,
  type Weighed,
} from "./explain.ts";
import { explainParts } from "./explain_parts.ts";
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
  /** Numbers of edges. */
  readonly edges: number[];
  /** Those of further conditions. */
  readonly further: Set<number>;
}

/** Some of them, and what explains those. */
interface Explained {
  readonly failed: Failed;
  readonly scenario: string;
  readonly edges: readonly number[];
  readonly why: readonly Explanation[];
}

type Why = Pick<Explained, "edges" | "why">;

/** An edge as it is explained. */
interface Numbered extends Weighed {
  readonly number: number;
}

interface Subject {
  readonly passing: number[];
  readonly failing: Map<string, Failed>;
}

export class Failures {
  readonly #axes: readonly Axis[];
  readonly #names: readonly string[];
  readonly #edges: FailedEdge[] = [];
  /** Names of their conditions. */
  readonly #conditions: string[] = [];
  readonly #factors: Factors[] = [];
  readonly #subjects = new Map<string, Subject>();
  /** By what was compared; scenarios often fail on the same edges. */
  readonly #explained = new Map<string, readonly Why[]>();
  readonly #known = new Set<string>();

  constructor(header: RunHeader) {
    this.#axes = header.axes;
    // In pairs `first` is the writer; it is only named where nothing else will do.
    const names = [...factorValues(header).keys()].filter((name) => name !== "first");
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
      this.#conditions.push(name);
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
      fail(subject, cell, first + edge, isFurther);
    }
  }

  /** Whether `scenario` passes on an edge that `explanation` covers. */
  passesIn(explanation: Explanation, scenario: string): boolean {
    const { passing } = this.#subjects.get(scenario) ?? { passing: [] };
    return passing.some((number) => covers(explanation, this.#factors[number] ?? {}));
  }

  /** Most cells first. */
  groups(): readonly Group[] {
    const groups = new Map<string, Explained[]>();
    for (const [scenario, { passing, failing }] of this.#subjects) {
      for (const [signature, failed] of failing) {
        for (const { edges, why } of this.#explain(failed.edges, passing)) {
          const key = `${signature}\n${factorsText(why[0]?.factors ?? {})}\n${why[0]?.passing}`;
          if (groups.size >= GROUPS_MAX && !groups.has(key)) continue;
          groups.set(key, [...(groups.get(key) ?? []), { failed, scenario, edges, why }]);
        }
      }
    }
    return [...groups.values()]
      .map((members) => this.#group(members))
      .toSorted((a, b) => b.cells - a.cells);
  }

  #group(members: readonly Explained[]): Group {
    const [{ failed, edges: own, why }] = members as [Explained];
    const numbers = new Set(members.flatMap(({ edges }) => edges.slice(0, EDGES_MAX)));
    const all = members.reduce((sum, { edges }) => sum + edges.length, 0);
    const further = members.reduce((sum, { edges, failed: { further: later } }) => {
      return sum + edges.filter((number) => later.has(number)).length;
    }, 0);
    return {
      verdict: failed.verdict,
      reason: sharedReason(members.flatMap((member) => [...member.failed.reasons])),
      scenarios: members.map(({ scenario }) => scenario),
      cells: all - further,
      further,
      example: this.#conditions[own[0] ?? 0] ?? "",
      edges: [...numbers].slice(0, EDGES_MAX).flatMap((number) => this.#edges[number] ?? []),
      explanations: why,
    };
  }

  /** All failing edges with what explains them; where nothing does, parts that something does. */
  #explain(failing: readonly number[], passing: readonly number[]): readonly Why[] {
    const key = createHash("sha256").update(`${failing}|${passing}`).digest("base64");
    const known = this.#explained.get(key);
    if (known !== undefined) return known;
    const numbered = (numbers: readonly number[]) =>
      numbers.map((number): Numbered => {
        return { factors: this.#factors[number] ?? {}, cells: 1, number };
      });
    const [bad, good] = [numbered(failing), numbered(passing)];
    const whole = explain(bad, good, this.#names);
    const parts = whole[0]?.passing === 0 ? undefined : explainParts(bad, good, this.#names);
    const found = parts?.map((part): Why => {
      const edges = part.map(({ number }) => number);
      return { edges, why: explain(part, good, this.#names) };
    }) ?? [{ edges: failing, why: whole }];
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

function fail({ failing }: Subject, cell: CellResult, edge: number, isFurther: boolean): void {
  const signature = signatureOf(cell);
  let failed = failing.get(signature);
  if (failed === undefined) {
    if (isFurther) return;
    const { verdict } = cell;
    failed = { verdict, reasons: new Set(), edges: [], further: new Set() };
    failing.set(signature, failed);
  }
  if (isFurther) failed.further.add(edge);
  failed.reasons.add(cell.reason ?? "");
  failed.edges.push(edge);
}
