/**
 * Whether a query asks for what there is: names, values, orders, and what stands in `exists`, `all`
 * and `none`.
 *
 * @module
 */
import { type Query, QueryError, testsOf } from "./query.ts";

/** What a name stands for. */
export interface Meaning {
  /** Values there are, in their order when it is `ordered`; any text when absent. */
  readonly values?: readonly string[];
  readonly ordered?: true;
  /** It is a number. */
  readonly numeric?: true;
  /** It is a time, as ISO 8601 writes it in UTC. */
  readonly time?: true;
  /**
   * What it is a fact of, where paths are asked: an edge, which may also be asked for outside of
   * `exists`, `all` and `none`; a hop or the place of either, which may not. Absent: of neither.
   */
  readonly of?: "hop" | "edge" | "place";
}

export type Vocabulary = ReadonlyMap<string, Meaning>;

type Test = Query & { readonly kind: "test" };
type Each = Query & { readonly kind: "each" };

/** Throws a {@linkcode QueryError} for what `vocabulary` lacks. */
export function checkQuery(query: Query, vocabulary: Vocabulary): void {
  if (query.kind === "test") checkAlone(query, vocabulary);
  else if (query.kind === "each") checkEach(query, vocabulary);
  else if (query.kind === "not") checkQuery(query.of, vocabulary);
  else for (const part of query.of) checkQuery(part, vocabulary);
}

function checkAlone(test: Test, vocabulary: Vocabulary): void {
  const { name, letter } = test;
  const { of } = vocabulary.get(name) ?? {};
  if (of === "hop" || of === "place") {
    const message = `Cannot query ${name} as it must stand in exists(...), all(...) or none(...)`;
    throw new QueryError(message, letter);
  }
  check(test, vocabulary, (of) => of === undefined || of === "edge");
}

function checkEach({ quantifier, of, letter }: Each, vocabulary: Vocabulary): void {
  const things = new Set<Meaning["of"]>();
  for (const test of testsOf(of)) {
    check(test, vocabulary, (of) => of !== undefined, ` in ${quantifier}(...)`);
    things.add(vocabulary.get(test.name)?.of);
  }
  if (things.has("hop") && things.has("edge")) {
    throw new QueryError(
      `Cannot query ${quantifier}(...) as it must be about hops or about edges: it is about both`,
      letter,
    );
  }
}

function check(
  test: Test,
  vocabulary: Vocabulary,
  isFit: (of: Meaning["of"]) => boolean,
  where = "",
): void {
  const { name, relation, values, letter } = test;
  const meaning = vocabulary.get(name);
  if (meaning === undefined || !isFit(meaning.of)) {
    const fit = [...vocabulary].filter(([, { of }]) => isFit(of)).map(([known]) => known);
    const message = `Cannot query ${name}${where} as its name must be one of ${fit.join(", ")}`;
    throw new QueryError(message, letter);
  }
  const wrong = wrongValue(test, meaning);
  if (wrong === undefined) return;
  throw new QueryError(`Cannot query ${name}${relation}${values.join(",")} as ${wrong}`, letter);
}

/** What is wrong with the values of a test, or with comparing them. */
function wrongValue({ name, relation, values }: Test, meaning: Meaning): string | undefined {
  const { ordered, numeric, time } = meaning;
  const orders = !["=", "!=", "~"].includes(relation);
  if (orders && values.length !== 1) return "an order has one value";
  if (orders && !(ordered || numeric || time)) return "it must have an order";
  if (relation === "~") return undefined;
  if (numeric && !values.every((value) => /^\d{1,15}$/.test(value))) return "it must be a number";
  if (time && !values.every((value) => isTime(value, orders))) {
    return "it must be a time such as 2026-11, 2026-11-27 or 2026-11-27T14:30";
  }
  const strange = values.find((value) => !value.includes("*") && !meaning.values?.includes(value));
  if (meaning.values === undefined || strange === undefined) return undefined;
  return `${name} must be one of ${meaning.values.join(", ")}: current value is ${strange}`;
}

const TIME = /^\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\dZ)?)?)?)?$/;

/** Whether `text` is the beginning of a time, up to its year, month, day, minute or second. */
function isTime(text: string, orders: boolean): boolean {
  if (text === "*") return !orders;
  const whole = `${text}${"0000-01-01T00:00:00Z".slice(text.length)}`;
  const time = new Date(whole);
  return (
    TIME.test(text) &&
    !Number.isNaN(time.getTime()) &&
    time.toISOString().startsWith(text.replace("Z", ""))
  );
}
