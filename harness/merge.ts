/**
 * Several reports as one: the shards of a run, also when some were run twice, and reruns of parts
 * of it. Every condition of the plan comes once and in its place, so that all shards together give
 * the lines of a run that was never shared. Results of one condition that do not agree are
 * combined as attempts. Streams: what is held in memory are reruns, which are small.
 *
 * @module
 */
import { combined } from "./attempts.ts";
import { MergedEnd } from "./merged_end.ts";
import type { ConditionResult, RunEnd, RunHeader } from "./report.ts";
import { ReportError, type ReportFile } from "./report_file.ts";

/** A report and where it is from. */
export interface MergeInput extends Pick<ReportFile, "header" | "lines" | "end"> {
  readonly path: string;
}

/** What all reports must agree on, as far as they have it. */
const SUBJECT = [
  "implementation",
  "seed",
  "releases",
  "axes",
  "scenarios",
  "expectations",
] as const;
/** What makes a plan of it. */
const PLAN = ["planned", "parts", "selection", "pruned"] as const;

/** A result and whose it is. */
interface Placed {
  readonly input: MergeInput;
  readonly result: ConditionResult;
}

export class Merge {
  readonly header: RunHeader;
  /** Conditions of the plan that no report has. */
  missing = 0;
  /** Conditions whose reports do not agree. */
  disagreeing = 0;
  /** Reruns of conditions that no report of the plan has, by name. */
  readonly unplaced = new Set<string>();
  /** Reports of the plan, or of shards of it. */
  readonly #parts: readonly MergeInput[];
  readonly #reruns: readonly MergeInput[];
  readonly #end: MergedEnd;

  /** Throws `ReportError` where the reports are not of one run. */
  constructor(inputs: readonly MergeInput[]) {
    const base = baseOf(inputs);
    for (const input of inputs) demandSame(input, base, SUBJECT);
    this.#parts = inputs.filter((input) => isSame(input.header, base.header, PLAN));
    this.#reruns = inputs.filter((input) => !this.#parts.includes(input));
    const { shard: _, ...header } = base.header;
    this.header = header;
    this.#end = new MergedEnd(header);
  }

  /** The conditions in the order of the plan. */
  *results(): Generator<ConditionResult> {
    const reruns = this.#rerunsByName();
    for (const name of reruns.keys()) this.unplaced.add(name);
    const { planned } = this.header;
    let next = 0;
    for (const group of inPlace(this.#parts, this.#end)) {
      const { at = 0, name } = (group[0] as Placed).result;
      if (at >= planned) throw refusal(group[0] as Placed, `have places up to ${planned - 1}`, at);
      this.missing += at - next;
      next = at + 1;
      this.unplaced.delete(name);
      const isWhole = group.some(({ input }) => input.end !== undefined);
      const result = this.#joined([...group.map((one) => one.result), ...(reruns.get(name) ?? [])]);
      this.#end.add(result, isWhole);
      yield result;
    }
    this.missing += planned - next;
  }

  /** The last line, when every condition is from a report that was not interrupted. */
  end(): RunEnd | undefined {
    return this.#end.end();
  }

  /** Conditions that only an interrupted report has; it does not know what they mean together. */
  get torn(): number {
    return this.#end.torn;
  }

  #rerunsByName(): Map<string, ConditionResult[]> {
    const reruns = new Map<string, ConditionResult[]>();
    for (const { lines } of this.#reruns) {
      for (const line of lines()) {
        if (line.type !== "condition") continue;
        const known = reruns.get(line.name);
        if (known === undefined) reruns.set(line.name, [line]);
        else known.push(line);
      }
    }
    return reruns;
  }

  /** Results of one condition as one; the same one twice is one. */
  #joined(results: readonly ConditionResult[]): ConditionResult {
    const distinct = new Map<string, ConditionResult>();
    for (const { at: _, ...result } of results) {
      if (results.length === 1) return result;
      distinct.set(JSON.stringify(result), result);
    }
    const [first, ...others] = distinct.values();
    if (first !== undefined && others.length === 0) return first;
    this.disagreeing++;
    const attempts = [...distinct.values()].reduce((sum, one) => sum + (one.attempts ?? 1), 0);
    return { ...combined([...distinct.values()]), attempts };
  }
}

/** A shard says what the plan is; of whole runs, the largest one. */
function baseOf(inputs: readonly MergeInput[]): MergeInput {
  const shards = inputs.filter(({ header }) => header.shard !== undefined);
  const [base] = (shards.length > 0 ? shards : [...inputs]).sort(
    (a, b) => b.header.planned - a.header.planned,
  );
  if (base === undefined) throw new ReportError("Cannot merge as there must be a report");
  return base;
}

type Key = (typeof SUBJECT)[number] | (typeof PLAN)[number];

function isSame(a: RunHeader, b: RunHeader, keys: readonly Key[]): boolean {
  return keys.every((key) => JSON.stringify(a[key]) === JSON.stringify(b[key]));
}

function demandSame(input: MergeInput, base: MergeInput, keys: readonly Key[]): void {
  for (const key of keys) {
    if (isSame(input.header, base.header, [key])) continue;
    const values = [input.header[key], base.header[key]];
    const told = values.some((value) => typeof value === "object")
      ? ""
      : `: it is ${values[0]} and ${values[1]}`;
    throw new ReportError(
      `Cannot merge ${input.path} as its ${key} must be the same as in ${base.path}${told}`,
    );
  }
}

/** The results of all parts by their places in the plan; each group has the same place. */
function* inPlace(parts: readonly MergeInput[], end: MergedEnd): Generator<readonly Placed[]> {
  const heads = parts.map((input) => ({ input, rest: placedOf(input, end) }));
  const waiting = heads.flatMap(({ input, rest }) => next(input, rest));
  while (waiting.length > 0) {
    const place = Math.min(...waiting.map(({ result }) => result.at ?? 0));
    const group = waiting.filter(({ result }) => result.at === place);
    const [first] = group;
    for (const one of group) {
      if (one.result.name !== first?.result.name) {
        throw refusal(one, `have ${first?.result.name} in place ${place}`, one.result.name);
      }
      waiting.splice(waiting.indexOf(one), 1, ...next(one.input, one.rest));
    }
    yield group;
  }
}

type Waiting = Placed & { readonly rest: Iterator<ConditionResult> };

function next(input: MergeInput, rest: Iterator<ConditionResult>): readonly Waiting[] {
  const { done, value } = rest.next();
  return done === true ? [] : [{ input, rest, result: value }];
}

/** The conditions of a report with their places, which must ascend; `end` hears of the rest. */
function* placedOf(input: MergeInput, end: MergedEnd): Generator<ConditionResult> {
  const isShard = input.header.shard !== undefined;
  let last = -1;
  for (const line of input.lines()) {
    if (line.type !== "condition") {
      end.hear(line, isShard);
      continue;
    }
    const at = isShard ? line.at : last + 1;
    if (at === undefined || !Number.isSafeInteger(at) || at <= last) {
      throw refusal({ input, result: line }, "have places that ascend", at ?? "none");
    }
    last = at;
    yield { ...line, at };
  }
}

function refusal({ input }: Placed, requirement: string, value: string | number): ReportError {
  return new ReportError(
    `Cannot merge ${input.path} as it must ${requirement}: current value is ${value}`,
  );
}
