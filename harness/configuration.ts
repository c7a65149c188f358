/**
 * What a user says of an implementation of their own: where its adapter is, and what is known to
 * fail. It is the default export of `freezethaw.config.ts`, or the value of its twin in JSON.
 *
 * @module
 */
import type { WrittenExpectation } from "./expectation.ts";

/** Where an adapter is. */
export interface Target {
  /** A program and its arguments, relative to the folder of the configuration. */
  readonly command: readonly string[];
  /** What its environment has besides that of the harness. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Configuration {
  readonly adapter: Target;
  readonly expectations?: readonly WrittenExpectation[];
  /** Time after which one answer is overdue. */
  readonly timeoutMs?: number;
}

/** Has a configuration checked by the compiler. */
export function defineConfig(configuration: Configuration): Configuration {
  return configuration;
}
