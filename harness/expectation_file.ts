/**
 * Expectations that somebody else has written down, as JSON or as a module. They are checked as
 * text from outside: what is wrong is said in one line, with the entry.
 *
 * @module
 */
import type { Space } from "./axis.ts";
import type { Expectation } from "./expectation.ts";
import { isDay } from "./expiry.ts";
import { factorValues } from "./factors.ts";
import { SYMBOL } from "./verdict.ts";

/** Entries of one file; more are no list that anybody looks after. */
const ENTRIES_MAX = 10_000;
const TEXTS = ["reason", "link", "note", "owner", "expires"] as const;
const FIELDS = new Set(["name", "factors", "scenarios", "verdict", "mayPass", ...TEXTS]);
/** Verdicts that an entry may foresee. */
const VERDICTS = Object.keys(SYMBOL).filter((kind) => kind !== "passed" && kind !== "unsupported");

type Fields = Readonly<Record<string, unknown>>;

/**
 * The entries in `value`, a list or `{ expectations: [...] }`, for machines of `space`. Throws
 * `RangeError` when they are none.
 */
export function expectationsOf(value: unknown, space: Space): readonly Expectation[] {
  const list = Array.isArray(value) ? value : (value as Fields | null)?.expectations;
  if (!Array.isArray(list)) fail("there", "must be a list of them", value);
  if (list.length > ENTRIES_MAX) fail("there", `must be at most ${ENTRIES_MAX}`, list.length);
  const names = new Set<string>();
  return list.map((entry: unknown, index) => {
    const read = entryOf(entry, `entry ${index + 1}`, space);
    if (names.has(read.name)) fail(read.name, "must have a name of its own", read.name);
    names.add(read.name);
    return read;
  });
}

function entryOf(value: unknown, place: string, space: Space): Expectation {
  if (typeof value !== "object" || value === null) fail(place, "must be an object", value);
  const fields = value as Fields;
  const { name, verdict, scenarios, factors, mayPass } = fields;
  if (typeof name !== "string" || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    fail(place, "must have a name in kebab-case", name);
  }
  for (const field of Object.keys(fields)) {
    if (!FIELDS.has(field)) fail(name, `must only have ${[...FIELDS].join(", ")}`, field);
  }
  for (const field of TEXTS) {
    if (!["string", "undefined"].includes(typeof fields[field])) {
      fail(name, `must have text as ${field}`, fields[field]);
    }
  }
  if (!VERDICTS.includes(String(verdict))) {
    fail(name, `must have a verdict of ${VERDICTS.join(", ")}`, verdict);
  }
  if (scenarios !== undefined && !isTexts(scenarios)) {
    fail(name, "must have a list of patterns as scenarios", scenarios);
  }
  if (mayPass !== undefined && mayPass !== true) fail(name, "may only have mayPass: true", mayPass);
  checkFactors(name, factors, space);
  checkEnd(name, fields.expires, space);
  const checked = value as Partial<Expectation> & Pick<Expectation, "name" | "verdict" | "factors">;
  return { reason: "", link: "", note: "", ...checked };
}

function checkFactors(name: string, factors: unknown, space: Space): void {
  if (typeof factors !== "object" || factors === null) {
    fail(name, "must have factors by name", factors);
  }
  const known = factorValues(space);
  for (const [factor, wanted] of Object.entries(factors)) {
    const values = known.get(factor);
    if (values === undefined) fail(name, `must have factors of ${[...known.keys()]}`, factor);
    const list: unknown[] = typeof wanted === "string" ? [wanted] : isTexts(wanted) ? wanted : [];
    if (list.length === 0) fail(name, `must have text, or a list of it, as ${factor}`, wanted);
    for (const one of list) {
      if (!values.includes(String(one))) fail(name, `must have ${factor} of ${values}`, one);
    }
  }
}

function checkEnd(name: string, expires: unknown, { releases }: Space): void {
  if (expires === undefined || isDay(String(expires)) || releases.includes(String(expires))) return;
  fail(name, `must expire on a day, 2026-12-31, or with one of ${releases}`, expires);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function fail(what: string, requirement: string, value: unknown): never {
  const text = JSON.stringify(value) ?? "absent";
  const shown = text.length > 80 ? `${text.slice(0, 80)}...` : text;
  throw new RangeError(
    `Cannot take expectations as ${what} ${requirement}: current value is ${shown}`,
  );
}
