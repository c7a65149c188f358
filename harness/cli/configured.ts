/**
 * The configuration of a user's own implementation: a file that is named or stands in the current
 * folder, or an adapter behind `--`.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type BenchPolicy, policyOf } from "../bench_policy.ts";
import type { Configuration, Target } from "../configuration.ts";
import { textOf } from "../outcome.ts";
import { UsageError } from "./exit.ts";

/** Names of files that are found by themselves, the first one that is there. */
const FILES = ["freezethaw.config.ts", "freezethaw.config.json"];

/** A configuration and the folder that it is about. */
export interface Found {
  readonly configuration: Configuration;
  readonly folder: string;
}

/** The configuration at `path`, or the one in the current folder, if there is one. */
export async function configurationAt(path: string | undefined): Promise<Found | undefined> {
  const found = path ?? FILES.find((name) => existsSync(name));
  if (found === undefined) return undefined;
  const whole = resolve(found);
  const value = await loaded(whole, found);
  demandConfiguration(value, found);
  return { configuration: value, folder: dirname(whole) };
}

/** Which costs may not grow, by the same file; every one where nothing is said. */
export async function policyAt(path: string | undefined): Promise<BenchPolicy> {
  const found = path ?? FILES.find((name) => existsSync(name));
  if (found === undefined) return {};
  const value = await loaded(resolve(found), found);
  const { bench = {} } = isObject(value) ? (value as Configuration) : {};
  try {
    return policyOf(bench);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`${error.message} (${basename(found)})`);
  }
}

/** What `words` say: a command, a URL, or `unix:` and a path. */
export function configurationOf(words: readonly string[]): Found {
  if (words.length === 0) {
    throw new UsageError(
      "Cannot run as --adapter needs a command behind --: current value is none",
    );
  }
  const [first = ""] = words;
  const folder = process.cwd();
  const adapter: Target = first.startsWith("unix:")
    ? { socket: first.slice("unix:".length) }
    : /^https?:/.test(first)
      ? { url: first }
      : { command: words };
  return { configuration: { adapter }, folder };
}

async function loaded(path: string, shown: string): Promise<unknown> {
  try {
    if (path.endsWith(".json")) return JSON.parse(readFileSync(path, "utf8"));
    const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
    return module.default;
  } catch (error) {
    throw new UsageError(`Cannot read ${shown}: ${textOf(error)}`);
  }
}

function demandConfiguration(value: unknown, shown: string): asserts value is Configuration {
  const refuse = (must: string, current: unknown) => {
    const text = JSON.stringify(current) ?? "absent";
    throw new UsageError(`Cannot use ${basename(shown)} as ${must}: current value is ${text}`);
  };
  if (!isObject(value)) refuse("its default export must be a configuration", value);
  const { adapter, adapters, expectations = [], ...more } = value as Partial<Configuration>;
  const isOne = adapters === undefined && isTarget(adapter);
  if (adapters === undefined && !isOne)
    refuse("adapter must have a command, a socket or a url", adapter);
  if (!isOne) demandCrossed(adapter, adapters, refuse);
  if (!Array.isArray(expectations)) refuse("expectations must be a list", expectations);
  demandNumbers(more, refuse);
}

type Refuse = (must: string, current: unknown) => void;

function demandNumbers({ timeoutMs = 1, limits = {} }: Configuration, refuse: Refuse): void {
  if (!isObject(limits)) refuse("limits must be an object", limits);
  for (const [name, value] of Object.entries({ timeoutMs, ...limits })) {
    if (!Number.isSafeInteger(value) || value <= 0) {
      refuse(`${name} must be an integer above 0`, value);
    }
  }
}

const NAME = /^[A-Za-z0-9_.]{1,40}$/;

function demandCrossed(adapter: unknown, adapters: unknown, refuse: Refuse): void {
  if (adapter !== undefined) refuse("adapter and adapters exclude each other", adapter);
  if (!isObject(adapters) || Object.keys(adapters).length < 2) {
    refuse("adapters must be two or more, by name", adapters);
  }
  for (const [name, target] of Object.entries(adapters ?? {})) {
    if (!NAME.test(name)) refuse("names of adapters must be letters, digits, _ and .", name);
    if (!isTarget(target)) refuse(`${name} must have a command, a socket or a url`, target);
  }
}

function isTarget(value: unknown): value is Target {
  if (!isObject(value)) return false;
  const { command, socket, url } = value as Readonly<Record<string, unknown>>;
  if (socket !== undefined) return typeof socket === "string" && socket !== "";
  if (url !== undefined) return typeof url === "string" && URL.canParse(url);
  return (
    Array.isArray(command) && command.length > 0 && command.every((it) => typeof it === "string")
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
