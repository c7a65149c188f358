/**
 * Measures what the self-test judges: a build, three times as it is and three times with a loop in
 * its process that makes what is timed slower, all in turns, so that a slow minute of the machine
 * is one of them all.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { KeepingRuns, type Metric, orderOf, SideError, thisMachine } from "../bench/mod.ts";
import { MEASURES, slowed } from "./bench_compare.ts";
import { processSide, type Side, startings } from "./bench_side.ts";
import { EXIT_ADAPTER, EXIT_INTERRUPTED, EXIT_OK } from "./exit.ts";
import type { Session } from "./session.ts";

/** What becomes of side `b`: nothing, or a loop for this share of what is timed. */
const SLOWER = [0, 0.05, 0.1, 0.2] as const;
/** Of each comparison side `a` and its control are the same; the others are its side `b`. */
const SIDES = ["a", "control", ...SLOWER] as const;
export type PlantedSide = (typeof SIDES)[number];

const RUN_MS = 60_000;
const SEED = 1;

/** Writes files into `folder` with all blocks that begin within `time` seconds. */
export async function measurePlanted(
  folder: string,
  time: number,
  { shell, product }: Session,
): Promise<number> {
  const stop = new AbortController();
  using _ = shell.onInterrupt(() => stop.abort());
  const planted = new Planted(async (share) => {
    return processSide(await startings(".", slowed(MEASURES.all, share), product.pack));
  }, stop.signal);
  const endMs = performance.now() + time * 1000;
  try {
    for (let block = 1; performance.now() < endMs; block++) {
      await planted.runBlock();
      if (shell.progress) shell.tell(`\r\u001b[K${block} blocks`);
    }
  } catch (error) {
    if (!(error instanceof SideError)) throw error;
    if (stop.signal.aborted) return EXIT_INTERRUPTED;
    shell.tell(`${error.message}\n`);
    return EXIT_ADAPTER;
  } finally {
    if (shell.progress) shell.tell("\r\u001b[K");
  }
  planted.write(folder);
  return EXIT_OK;
}

/** Comparisons that share their side `a` and its control. */
export class Planted {
  readonly #make: (share: number) => Promise<Side>;
  readonly #signal: AbortSignal;
  readonly #sides = new Map<PlantedSide, Side>();
  readonly #kept = SLOWER.map(() => new KeepingRuns(() => loadavg()[0] ?? 0));
  #blocks = 0;

  /** `make`: a side that is slower by a share; a build is packed anew for each of them. */
  constructor(make: (share: number) => Promise<Side>, signal: AbortSignal) {
    this.#make = make;
    this.#signal = signal;
  }

  /** Runs each side twice; nothing is kept of a block in which one breaks. */
  async runBlock(): Promise<void> {
    const block = this.#blocks++;
    const runs: { readonly name: PlantedSide; readonly metrics: readonly Metric[] }[] = [];
    for (const name of orderOf(SIDES, SEED, block)) {
      const time = runs.filter((run) => run.name === name).length;
      const side = await this.#side(name);
      const run = [sideOf(name), 2 * block + time] as const;
      runs.push({ name, metrics: await side.each(run, RUN_MS, this.#signal) });
    }
    for (const [at, share] of SLOWER.entries()) {
      const own = runs.filter(({ name }) => typeof name === "string" || name === share);
      for (const { name, metrics } of own) this.#kept[at]?.keep(sideOf(name), metrics);
    }
  }

  /** `node_same.json` and the like. */
  write(folder: string): void {
    const { runtime } = thisMachine();
    for (const [at, share] of SLOWER.entries()) {
      const name = `${runtime.split(" ")[0]}_${share === 0 ? "same" : share * 100}.json`;
      writeFileSync(join(folder, name), this.#kept[at]?.text(runtime, share) ?? "");
    }
  }

  async #side(name: PlantedSide): Promise<Side> {
    const known = this.#sides.get(name) ?? (await this.#make(typeof name === "string" ? 0 : name));
    this.#sides.set(name, known);
    return known;
  }
}

function sideOf(name: PlantedSide) {
  return typeof name === "string" ? name : "b";
}
