/**
 * A soak: one machine is saved and restored by the same release again and again. In between it is
 * looked at: what its program holds of the host, and whether the claim of a scenario still holds.
 *
 * @module
 */
import type { Adapter, Rig, RunningMachine, Vitals } from "./adapter.ts";
import type { Space } from "./axis.ts";
import { neutralOf } from "./condition_name.ts";
import { type Trend, trendOf } from "./growth.ts";
import { hopOf } from "./hops.ts";
import { textOf } from "./outcome.ts";
import type { Hop } from "./path.ts";
import type { Scenario } from "./scenario.ts";
import { guidOf, seedOf } from "./seed.ts";
import type { Watchdog } from "./watchdog.ts";

export interface SoakInput {
  readonly adapter: Adapter;
  readonly space: Space;
  readonly release: string;
  /** Prepares the machine, and is judged at each sample. */
  readonly scenario: Scenario;
  readonly updates: number;
  /** Updates between two samples. */
  readonly every: number;
  readonly seed: number;
  readonly watchdog: Watchdog;
  /** True when no more is wanted. */
  stopped(): boolean;
}

/** What was seen after so many updates. */
export interface SoakSample {
  readonly updates: number;
  readonly vitals: Vitals;
  /** What the scenario found wrong, or how the machine was lost; then this sample is the last. */
  readonly problem?: string;
  readonly lost?: true;
}

/** Name of the size of what is saved, among what the program holds. */
const STATE = "saved state (octets)";
/**
 * Rise that is no growth, by what a name ends in: memory goes up and down by a few pages, and
 * whose share of it is whose changes with other processes.
 */
const NOISE: readonly (readonly [end: string, noise: number])[] = [
  ["(KiB)", 64],
  ["(KiB, shared)", Number.POSITIVE_INFINITY],
];

/** Samples that a trend is made of; its work grows with their square. */
const POINTS_MAX = 400;
/** Samples of a soak that is not told otherwise: enough to see a trend. */
const USUAL_SAMPLES = 100;

/** The sample before the first update, and then one for each stretch of updates. */
export async function* soak(input: SoakInput): AsyncGenerator<SoakSample> {
  const { adapter, space, release, seed, watchdog, updates, every } = input;
  const settings = neutralOf(space.axes);
  const hop = hopOf(space, release, space.configurations[0] ?? {});
  await using rig = await watchdog.guard(adapter.rig(settings, seedOf(seed, release)));
  const round = new Round(input, hop, rig);
  let done = 0;
  yield await round.begin();
  try {
    while (done < updates && !input.stopped()) {
      await round.update(guidOf(seed, `${release}#${done}`));
      done++;
      if (done % every === 0 || done === updates) yield await round.look(done);
    }
    if (done % every !== 0 && done < updates) yield await round.look(done);
  } catch (error) {
    yield { updates: done, vitals: {}, problem: textOf(error), lost: true };
  }
}

/** The machine of a soak, from one update to the next. */
class Round {
  readonly #input: SoakInput;
  readonly #hop: Hop;
  readonly #rig: Rig;
  #machine: RunningMachine | undefined;
  #carried: unknown;
  #stateLength = 0;

  constructor(input: SoakInput, hop: Hop, rig: Rig) {
    this.#input = input;
    this.#hop = hop;
    this.#rig = rig;
  }

  async begin(): Promise<SoakSample> {
    const { scenario, watchdog } = this.#input;
    const machine = await watchdog.guard(this.#rig.start(this.#hop));
    this.#machine = machine;
    await scenario.preparation?.apply(machine);
    this.#carried = await scenario.before?.(machine as Parameters<typeof scenario.after>[0]);
    return this.look(0);
  }

  async update(correlationId: string): Promise<void> {
    const { space, watchdog } = this.#input;
    const machine = this.#machine as RunningMachine;
    const settings = neutralOf(space.axes);
    const saved = await watchdog.guard(machine.save({ correlationId, settings }));
    this.#stateLength = saved.bytes.length;
    await watchdog.guard(machine[Symbol.asyncDispose]());
    this.#machine = await watchdog.guard(this.#rig.restore(this.#hop, saved));
    await this.#machine.goOn?.();
  }

  async look(updates: number): Promise<SoakSample> {
    const problem = updates === 0 ? undefined : await this.#judge();
    const own = updates === 0 ? {} : { [STATE]: this.#stateLength };
    const vitals = { ...this.#rig.vitals?.(), ...own };
    return { updates, vitals, ...(problem === undefined ? {} : { problem }) };
  }

  async #judge(): Promise<string | undefined> {
    const { scenario, watchdog } = this.#input;
    const machine = this.#machine as Parameters<typeof scenario.after>[0];
    try {
      const next = await watchdog.guard(Promise.resolve(scenario.after(machine, this.#carried)));
      if (next !== undefined) this.#carried = next;
      return undefined;
    } catch (error) {
      return textOf(error);
    }
  }
}

/**
 * The trend of everything that is held, by its name. What came before the first update is left
 * out: a program that was restored is built up in another way than one that was started.
 */
export function trendsOf(samples: readonly SoakSample[]): ReadonlyMap<string, Trend> {
  const all = samples.filter(({ updates, lost }) => updates > 0 && lost === undefined);
  const step = Math.ceil(all.length / POINTS_MAX);
  const counted = all.filter((_sample, index) => index % step === 0);
  const names = [...new Set(counted.flatMap(({ vitals }) => Object.keys(vitals)))];
  return new Map(
    names.map((name) => {
      const points = counted.map(({ updates, vitals }) => ({
        at: updates,
        value: vitals[name] ?? 0,
      }));
      return [name, trendOf(points, noiseOf(name))];
    }),
  );
}

function noiseOf(name: string): number {
  return NOISE.find(([end]) => name.endsWith(end))?.[1] ?? 1;
}

/** Updates between two samples, when it is not told otherwise. */
export function usualEvery(updates: number): number {
  return Math.max(1, Math.floor(updates / USUAL_SAMPLES));
}
