/**
 * `freezethaw bench figures`: all of our own benches on this runtime: codecs beside their rivals
 * and beside the last release, and programs that compare by themselves.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { thisMachine } from "../bench/mod.ts";
import { processSide, type Side, startings } from "./bench_side.ts";
import { Checkout, lastRelease } from "./checkout.ts";
import { type Compared, compared } from "./comparing.ts";
import { EXIT_ADAPTER, EXIT_INTERRUPTED, EXIT_OK } from "./exit.ts";
import { type Figures, figuresTable, type RivalRow } from "./figures_text.ts";
import { withBlock } from "./readme_block.ts";
import { seconds } from "./seconds.ts";
import type { Session } from "./session.ts";
import { textTable } from "./text_table.ts";

interface FiguresOptions {
  readonly budget: number;
  readonly base?: string;
  readonly out?: string;
  readonly readme?: string;
  readonly programs: boolean;
}

const LIMITS = { floor: 0.02, band: 0.05, allow: 0, seed: 1, timeout: 120 };

export function addFigures(bench: Command, session: Session): void {
  bench
    .command("figures")
    .description("our own benches beside their rivals and beside the last release")
    .option("--budget <time>", "of each comparison", seconds, 30)
    .option("--base <commit>", "in place of the last release")
    .option("--out <file>", "keep ratios in it, beside those of other runtimes")
    .option("--readme <file>", "write them into it, between its marks")
    .option("--no-programs", "leave out benches of whole programs")
    .action(async (options: FiguresOptions) => {
      session.exitCode = await new FiguresRun(options, session).run();
    });
}

class FiguresRun {
  readonly #options: FiguresOptions;
  readonly #session: Session;
  #exitCode = EXIT_OK;

  constructor(options: FiguresOptions, session: Session) {
    this.#options = options;
    this.#session = session;
  }

  async run(): Promise<number> {
    const rows: RivalRow[] = [];
    for (const [name, load] of Object.entries(this.#session.product.benches)) {
      for (const rival of Object.keys((await load()).rivals)) {
        rows.push(...(await this.#beside(name, rival)));
        if (this.#exitCode !== EXIT_OK) return this.#exitCode;
      }
    }
    this.#keep(rows);
    await this.#besideRelease();
    if (this.#options.programs) this.#programs();
    return this.#exitCode;
  }

  /** Ours is side `a`, so that a ratio is the time of the rival over ours. */
  async #beside(name: string, rival: string): Promise<readonly RivalRow[]> {
    const own = ["bench", "own", name];
    const [a, b] = [await this.#side(".", own), await this.#side(".", [...own, "--rival", rival])];
    const found = await this.#compared(`${rival} over ours`, a, b);
    return found.state.timed.map(({ metric, ratio, interval }) => ({
      metric,
      rival,
      ratio,
      ...interval,
    }));
  }

  async #besideRelease(): Promise<void> {
    const base = this.#options.base ?? lastRelease();
    if (base === undefined) {
      await this.#session.shell.write("No release yet to compare with.\n");
      return;
    }
    using checkout = new Checkout(base);
    const own = ["bench", "own"];
    const [a, b] = [await this.#side(checkout.folder, own), await this.#side(".", own)];
    await this.#compared(`now over ${base}`, a, b);
  }

  async #side(folder: string, words: readonly string[]) {
    const measures = { each: [{ words }], once: [] };
    return processSide(await startings(folder, measures, this.#session.product.pack));
  }

  async #compared(title: string, a: Side, b: Side): Promise<Compared> {
    const { shell } = this.#session;
    const { budget } = this.#options;
    const endMs = performance.now() + budget * 1000;
    const found = await compared({ ...LIMITS, sides: { a, b }, endMs }, shell);
    if (found.broken !== undefined) {
      shell.tell(`${found.broken}\n`);
      this.#exitCode = EXIT_ADAPTER;
    }
    if (found.isInterrupted) this.#exitCode = EXIT_INTERRUPTED;
    const lines = found.state.timed.map(({ metric, ratio, interval: { low, high } }) => {
      return [metric, ratio.toFixed(2), `${low.toFixed(2)} to ${high.toFixed(2)}`];
    });
    const head = [`${title}, ${found.state.blocks} blocks`, "ratio", "99 % interval"];
    await shell.write(`${textTable([head, ...lines]).join("\n")}\n\n`);
    return found;
  }

  #keep(rows: readonly RivalRow[]): void {
    const { out, readme } = this.#options;
    if (out === undefined) return;
    const [runtime = ""] = thisMachine().runtime.split(" ");
    const known = existsSync(out) ? (JSON.parse(readFileSync(out, "utf8")) as Figures) : {};
    const figures: Figures = { ...known, [runtime]: { runtime: thisMachine().runtime, rows } };
    writeFileSync(out, `${JSON.stringify(figures, rounded, 1)}\n`);
    if (readme === undefined) return;
    const text = readFileSync(readme, "utf8");
    writeFileSync(readme, withBlock(text, "benches", figuresTable(figures)));
  }

  /**
   * They say themselves when something that they need is not there. One that ends badly keeps
   * nobody from the next one: limits of times mean little on a busy machine.
   */
  #programs(): void {
    const flags = "Deno" in globalThis ? ["run", "-A"] : [];
    for (const program of this.#session.product.benchPrograms) {
      const words = [...flags, program];
      const { status, signal } = spawnSync(process.execPath, words, { stdio: "inherit" });
      if (status !== 0) this.#session.shell.tell(`${program} ends with ${signal ?? status}\n`);
    }
  }
}

function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toFixed(3)) : value;
}
