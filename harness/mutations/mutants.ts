/**
 * Makes mutants: the program of `judged_condition.ts` and all that it imports, bundled in memory
 * with one defect in it, and loaded beside the healthy program. Nothing is written to disk. It is a
 * script and no module, as runtimes never let go of a module.
 *
 * A bundle has no place of its own, so `import.meta.url` of each file is replaced by the real
 * address of that file: fixtures are read from where they are.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { compileFunction } from "node:vm";
import { type BuildContext, context, type Plugin, stop } from "esbuild";
import type { CellResult } from "../report.ts";
import type * as Program from "./judged_condition.ts";
import { type Mutation, mutate } from "./mutation.ts";

/** Answers the cells of a condition. */
export type Judge = (condition: string) => Promise<readonly CellResult[]>;

const ROOT = new URL("../../", import.meta.url);
const require = createRequire(import.meta.url);
const ENTRY = new URL("./judged_condition.ts", import.meta.url);

/** Bundles again and again; unchanged files are read and parsed once. One mutant at a time. */
export class Mutants implements AsyncDisposable {
  readonly #context: Promise<BuildContext>;
  readonly #texts = new Map<string, string>();
  #mutation: Mutation | undefined;
  #applied = false;

  constructor() {
    this.#context = context({
      entryPoints: [fileURLToPath(ENTRY)],
      bundle: true,
      write: false,
      format: "cjs",
      platform: "node",
      target: "esnext",
      logLevel: "silent",
      plugins: [this.#plugin()],
    });
  }

  /** The program with the defect of `mutation`, or without one, as a judge. */
  async judge(mutation?: Mutation): Promise<Judge> {
    this.#mutation = mutation;
    this.#applied = mutation === undefined;
    const { outputFiles = [] } = await (await this.#context).rebuild();
    if (!this.#applied) {
      throw new RangeError(
        `Cannot apply mutation ${mutation?.name} as the program must have its file: ` +
          `current value is ${mutation?.file}`,
      );
    }
    const module = { exports: {} as typeof Program };
    const parameters = ["module", "require"];
    const filename = `mutant ${mutation?.name}`;
    compileFunction(outputFiles[0]?.text ?? "", parameters, { filename })(module, require);
    return module.exports.judgedCells;
  }

  /** Ends the bundler's process. */
  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#context).dispose();
    await stop();
  }

  #plugin(): Plugin {
    return {
      name: "mutate",
      setup: ({ onLoad }) => {
        onLoad({ filter: /\.ts$/ }, ({ path }) => ({ contents: this.#text(path), loader: "ts" }));
      },
    };
  }

  #text(path: string): string {
    const known = this.#texts.get(path);
    const text = known ?? readFileSync(path, "utf8");
    this.#texts.set(path, text);
    const address = JSON.stringify(pathToFileURL(path).href);
    return this.#mutated(path, text).replaceAll("import.meta.url", address);
  }

  #mutated(path: string, text: string): string {
    const mutation = this.#mutation;
    const file = relative(fileURLToPath(ROOT), path).replaceAll("\\", "/");
    if (mutation?.file !== file) return text;
    this.#applied = true;
    return mutate(mutation, text);
  }
}
