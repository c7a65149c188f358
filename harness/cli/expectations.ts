/**
 * Expectations from files of the user's, beside those of the product.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Space } from "../axis.ts";
import type { Expectation } from "../expectation.ts";
import { expectationsOf } from "../expectation_file.ts";
import { UsageError } from "./exit.ts";
import type { Implementation } from "./product.ts";

/** `implementation` with what `files` expect of it, too. */
export async function withExpectations(
  implementation: Implementation,
  files: readonly string[],
): Promise<Implementation> {
  let { expectations } = implementation;
  for (const file of files) {
    const read = await readExpectations(file, implementation.space);
    const twice = read.find(({ name }) => expectations.some((known) => known.name === name));
    if (twice !== undefined) {
      throw new UsageError(
        `Cannot take ${file} as each expectation must have a name of its own: ` +
          `current value is ${twice.name}`,
      );
    }
    expectations = [...expectations, ...read];
  }
  return expectations === implementation.expectations
    ? implementation
    : { ...implementation, expectations };
}

/** The expectations in `file`: JSON, or a module that exports them as default. */
export async function readExpectations(
  file: string,
  space: Space,
): Promise<readonly Expectation[]> {
  const value = /\.[cm]?[jt]s$/.test(file) ? await moduleOf(file) : jsonOf(file);
  return demandExpectations(value, space, file);
}

/** The expectations that `value` from `place` must be. */
export function demandExpectations(
  value: unknown,
  space: Space,
  place: string,
): readonly Expectation[] {
  try {
    return expectationsOf(value, space);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${error.message} (${place})`);
    throw error;
  }
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`Cannot read ${file}: ${code ?? "it is no JSON"}`);
  }
}

async function moduleOf(file: string): Promise<unknown> {
  try {
    const { href } = pathToFileURL(resolve(file));
    const exported: { readonly default?: unknown; readonly expectations?: unknown } = await import(
      href
    );
    return exported.default ?? exported.expectations;
  } catch (error) {
    const [line = ""] = String((error as Error).message).split("\n");
    throw new UsageError(`Cannot read ${file}: ${line}`);
  }
}
