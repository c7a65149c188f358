/**
 * The last line of reports that are merged: counts of what is merged, and what all shards together
 * say of expectations and of coverage.
 *
 * @module
 */
import type { CoverageCounts } from "./coverage.ts";
import type { ConditionResult, RunEnd, RunHeader, ShardEvidence } from "./report.ts";
import { ReportError } from "./report_file.ts";
import { bitsInAny, unpackedBits } from "./shard_evidence.ts";
import { Tally } from "./tally.ts";

export class MergedEnd {
  /** Conditions that only interrupted reports have. */
  torn = 0;
  readonly #header: RunHeader;
  readonly #tally = new Tally();
  readonly #matched = new Set<string>();
  readonly #refuted = new Set<string>();
  readonly #unasked = new Set<string>();
  readonly #expired = new Set<string>();
  readonly #covered: (readonly Uint8Array[])[] = [];
  readonly #coverages: CoverageCounts[] = [];
  /** The last line of a run that was not shared, where one is merged. */
  #whole: RunEnd | undefined;

  constructor(header: RunHeader) {
    this.#header = header;
  }

  /** Counts a condition; `isWhole` when some report of it came to its end. */
  add(result: ConditionResult, isWhole: boolean): void {
    this.#tally.add(result);
    if (!isWhole) this.torn++;
    for (const { expected } of result.cells) {
      if (expected !== undefined) this.#matched.add(expected);
    }
  }

  /** Hears what a report says behind its conditions. */
  hear(line: ShardEvidence | RunEnd, isShard: boolean): void {
    if (line.type === "shard") {
      for (const name of line.matched) this.#matched.add(name);
      for (const name of line.refuted) this.#refuted.add(name);
      for (const name of line.unasked) this.#unasked.add(name);
      this.#covered.push(line.covered.map(bitsOf));
      return;
    }
    for (const name of line.expired ?? []) this.#expired.add(name);
    if (!isShard) {
      this.#whole = line;
    } else if (line.coverage !== undefined) {
      this.#coverages.push(line.coverage);
    }
  }

  /** Undefined when conditions are missing, or only an interrupted report has them. */
  end(): RunEnd | undefined {
    if (this.torn > 0 || this.#tally.conditions < this.#header.planned) return undefined;
    const coverage = this.#whole?.coverage ?? this.#coverage();
    const end = this.#tally.end(this.#stale());
    const expired = this.#expired.size === 0 ? {} : { expired: [...this.#expired].toSorted() };
    return { ...end, ...expired, ...(coverage === undefined ? {} : { coverage }) };
  }

  /** Expectations that nothing in any report bears out; see `Expectations`. */
  #stale(): string[] {
    const whole = this.#header.selection === undefined;
    return this.#header.expectations
      .filter(({ name, mayPass }) => !this.#matched.has(name) && mayPass !== true)
      .map(({ name }) => name)
      .filter((name) =>
        this.#whole === undefined
          ? (whole && !this.#unasked.has(name)) || this.#refuted.has(name)
          : this.#whole.stale.includes(name),
      );
  }

  #coverage(): CoverageCounts | undefined {
    const [first, ...others] = this.#coverages;
    if (first === undefined || this.#coverages.length !== this.#covered.length) return undefined;
    const tuples = first.tuples.map(({ strength, possible }, index) => {
      const bits = this.#covered.flatMap((all) => all[index] ?? []);
      return { strength, covered: bitsInAny(bits), possible };
    });
    const unseen = first.unseen.filter((value) =>
      others.every((coverage) => coverage.unseen.includes(value)),
    );
    return { tuples, unseen };
  }
}

function bitsOf(packed: string): Uint8Array {
  try {
    return unpackedBits(packed);
  } catch {
    throw new ReportError("Cannot merge as what a shard has covered must be deflated: it is not");
  }
}
