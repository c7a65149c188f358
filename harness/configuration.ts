/**
 * What a user says of an implementation of their own: where its adapter is, and what is known to
 * fail. It is the default export of `freezethaw.config.ts`, or the value of its twin in JSON.
 *
 * @module
 */
import type { BenchPolicy } from "./bench_policy.ts";
import type { WrittenExpectation } from "./expectation.ts";

/** Where an adapter is. */
export type Target = Program | { readonly socket: string } | { readonly url: string };

/** An adapter that is started. */
export interface Program {
  /** A program and its arguments, relative to the folder of the configuration. */
  readonly command: readonly string[];
  /** What its environment has besides that of the harness. */
  readonly env?: Readonly<Record<string, string>>;
  /** Each condition gets a process of its own, which costs its start. */
  readonly fresh?: boolean;
}

/** What a process of an adapter may take, in octets. */
export interface Limits {
  /** Memory that it holds, with its children, of whom none may set aside much more; 2 GiB. */
  readonly memoryBytes?: number;
  /** One file that it writes, and all in its temporary folder; 4 GiB when absent. */
  readonly fileBytes?: number;
  /** How many it may be, with its children, and no octets; 256 when absent. */
  readonly processes?: number;
  /** One message, and what stands behind it; 64 MiB when absent. */
  readonly messageBytes?: number;
  /** What it writes beside its answers, for one condition; 16 MiB when absent. */
  readonly logBytes?: number;
}

export interface Configuration {
  /** The adapter. */
  readonly adapter?: Target;
  /** Or several, by name: one restores what another one saves, where their formats are the same. */
  readonly adapters?: Readonly<Record<string, Target>>;
  readonly expectations?: readonly WrittenExpectation[];
  /** Time after which one answer is overdue. */
  readonly timeoutMs?: number;
  readonly limits?: Limits;
  /** Which costs may not grow: see `bench compare --config`, which needs no adapter. */
  readonly bench?: BenchPolicy;
}

/** Has a configuration checked by the compiler. */
export function defineConfig(configuration: Configuration): Configuration {
  return configuration;
}
