/**
 * The probe of all daemons: what is known to differ is tried first, then sequences are drawn, and
 * what they show is either known or a finding.
 *
 * @module
 */
import type { KnownDifference } from "../known_difference.ts";
import type { ProbeDifference, ProbeState } from "../probe_state.ts";
import { compareOn, type Found, type Pair, search } from "./search.ts";
import { stepOfText, textOfStep } from "./step_text.ts";
import { sequenceOfToken, tokenOf } from "./token.ts";

export interface Probed extends Pair {
  readonly name: string;
  /** Why it cannot be probed here. */
  unavailable(): string | undefined;
}

interface Tried {
  readonly shown: readonly ProbeDifference[];
  readonly stale: readonly string[];
}

export class Probe {
  readonly #probed: readonly Probed[];
  readonly #known: readonly KnownDifference[];

  constructor(probed: readonly Probed[], known: readonly KnownDifference[]) {
    this.#probed = probed;
    this.#known = known;
  }

  get daemons(): readonly string[] {
    return this.#probed.map(({ name }) => name);
  }

  unavailable(daemon: string): string | undefined {
    return this.#named(daemon).unavailable();
  }

  /** Tells again and again what was found until all `requests` are made. */
  async *run(daemon: string, requests: number, seed: number): AsyncGenerator<ProbeState> {
    const probed = this.#named(daemon);
    const mine = this.#known.filter(({ daemons }) => daemons.includes(daemon));
    const { shown: tried, stale } = await tryAll(probed, mine);
    yield { requests: 0, sequences: 0, shown: tried, stale };
    const nameOf = new Map(tried.map(({ kind, known }) => [kind, known]));
    const pair: Pair = {
      profile: probed.profile,
      start: () => probed.start(),
      isLeftOut: (step) => mine.some(({ leavesOut }) => leavesOut?.test(textOfStep(step))),
    };
    const knownKinds = new Set(nameOf.keys());
    for await (const progress of search({ ...pair, requests, seed, knownKinds })) {
      const found = progress.found.map((one) => shownOf(daemon, one, nameOf.get(one.kind) ?? null));
      const shown = [
        ...tried.map((one) => found.find(({ kind }) => kind === one.kind) ?? one),
        ...found.filter(({ known }) => known === null),
      ];
      yield { ...progress, shown, stale };
    }
  }

  /** Runs the sequence of a token; undefined when both answer the same. */
  async replay(token: string): Promise<{ daemon: string; shown: ProbeDifference | undefined }> {
    const { daemon, steps } = sequenceOfToken(token);
    const probed = this.#named(daemon);
    const { difference } = await compareOn(probed, steps);
    if (difference === undefined) return { daemon, shown: undefined };
    const { kind } = difference;
    const mine = this.#known.filter(({ daemons }) => daemons.includes(daemon));
    const tried = await tryAll(probed, mine);
    const known = tried.shown.find((one) => one.kind === kind)?.known ?? null;
    const found = { kind, count: 1, sequence: 0, steps, difference, repeats: true };
    return { daemon, shown: shownOf(daemon, found, known) };
  }

  #named(daemon: string): Probed {
    const found = this.#probed.find(({ name }) => name === daemon);
    if (found !== undefined) return found;
    const names = this.daemons.join(", ");
    throw new RangeError(
      `Cannot find daemon as it must be one of ${names}: current value is ${daemon}`,
    );
  }
}

async function tryAll(probed: Probed, known: readonly KnownDifference[]): Promise<Tried> {
  const shown: ProbeDifference[] = [];
  const stale: string[] = [];
  for (const { name, sequence, theirs } of known) {
    const steps = sequence.map(stepOfText);
    const { difference } = await compareOn(probed, steps);
    if (difference === undefined || !difference.theirs.includes(theirs)) {
      stale.push(name);
      continue;
    }
    const { kind } = difference;
    const found = { kind, count: 0, sequence: 0, steps, difference, repeats: true };
    shown.push(shownOf(probed.name, found, name));
  }
  return { shown, stale };
}

function shownOf(daemon: string, found: Found, known: string | null): ProbeDifference {
  const { kind, count, steps, difference, repeats } = found;
  const { ours, theirs } = difference;
  const text = steps.map(textOfStep);
  return { kind, count, known, steps: text, ours, theirs, repeats, token: tokenOf(daemon, steps) };
}
