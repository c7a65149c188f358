/**
 * `freezethaw bench gate`: may a change of this program go in? What stands in the current folder is
 * compared with the commit that it is based on, checked out beside it for as long as that takes.
 *
 * @module
 */
import { existsSync } from "node:fs";
import type { Command } from "commander";
import { addComparing, type CompareOptions, compareSides } from "./bench_compare.ts";
import { Checkout } from "./checkout.ts";
import type { Session } from "./session.ts";

/** Seconds until the last block begins: a block later there are less than three minutes. */
const BUDGET_S = 165;
/** Which costs of this program may not grow. */
const POLICY = "harness/bench/freezethaw.config.json";

export function addGate(bench: Command, session: Session): void {
  const command = bench
    .command("gate")
    .description("decide whether what stands in this folder costs more than a commit")
    .requiredOption("--base <commit>", "what is compared with");
  addComparing(command, BUDGET_S).action(
    async ({ base, ...options }: Omit<CompareOptions, "a" | "b"> & { readonly base: string }) => {
      const config = options.config ?? (existsSync(POLICY) ? POLICY : undefined);
      using checkout = new Checkout(base);
      const names = { a: base, b: "this folder" };
      const sides = { a: checkout.folder, b: ".", names };
      const all = { ...options, ...sides, ...(config === undefined ? {} : { config }) };
      session.exitCode = await compareSides(all, session);
    },
  );
}
