/**
 * What a query means: tests of facts by name, some of which have an order.
 *
 * @module
 */
import { namePattern } from "./name_pattern.ts";
import { type Query, QueryError, type Relation, testsOf } from "./query.ts";

/** What is known of one thing, by name. A name without a fact equals nothing. */
export type Facts = (name: string) => string | undefined;

/** What a name stands for. */
export interface Meaning {
  /** Values there are, in their order when it is `ordered`; any text when absent. */
  readonly values?: readonly string[];
  readonly ordered?: true;
  /** It is a number. */
  readonly numeric?: true;
}

export type Vocabulary = ReadonlyMap<string, Meaning>;

type Matches = (facts: Facts) => boolean;

/**
 * Makes a predicate. Throws {@linkcode QueryError} for a name or a value that `vocabulary` lacks,
 * and for an order where there is none. The order is that of `orders`; what it lacks has no place.
 */
export function matcherOf(
  query: Query,
  vocabulary: Vocabulary,
  orders: Vocabulary = vocabulary,
): Matches {
  for (const test of testsOf(query)) check(test, vocabulary);
  return made(query, orders);
}

/** Whether `number` stands in `relation` to `bound`. */
export function holds(number: number, relation: Relation, bound: number): boolean {
  if (relation === "=" || relation === "~") return number === bound;
  if (relation === "!=") return number !== bound;
  if (relation === "<") return number < bound;
  if (relation === "<=") return number <= bound;
  return relation === ">" ? number > bound : number >= bound;
}

type Test = Query & { readonly kind: "test" };

function check({ name, relation, values }: Test, vocabulary: Vocabulary): void {
  const meaning = vocabulary.get(name);
  if (meaning === undefined) {
    throw new QueryError(
      `Cannot query ${name} as its name must be one of ${[...vocabulary.keys()].join(", ")}`,
    );
  }
  const orders = !["=", "!=", "~"].includes(relation);
  const text = `${name}${relation}${values.join(",")}`;
  if (orders && (values.length !== 1 || !(meaning.ordered || meaning.numeric))) {
    const what = values.length !== 1 ? "an order has one value" : "it must have an order";
    throw new QueryError(`Cannot query ${text} as ${what}`);
  }
  if (meaning.numeric && relation !== "~" && !values.every((value) => /^\d{1,15}$/.test(value))) {
    throw new QueryError(`Cannot query ${text} as it must be a number`);
  }
  if (relation === "~" || meaning.values === undefined) return;
  const strange = values.find((value) => !value.includes("*") && !meaning.values?.includes(value));
  if (strange !== undefined) {
    throw new QueryError(
      `Cannot query ${text} as ${name} must be one of ${meaning.values.join(", ")}: ` +
        `current value is ${strange}`,
    );
  }
}

function made(query: Query, vocabulary: Vocabulary): Matches {
  if (query.kind === "not") {
    const matches = made(query.of, vocabulary);
    return (facts) => !matches(facts);
  }
  if (query.kind !== "test") {
    const parts = query.of.map((part) => made(part, vocabulary));
    return query.kind === "any"
      ? (facts) => parts.some((matches) => matches(facts))
      : (facts) => parts.every((matches) => matches(facts));
  }
  const { name, relation, values } = query;
  if (relation === "=" || relation === "!=") {
    const patterns = values.map(namePattern);
    const wanted = relation === "=";
    return (facts) => {
      const fact = facts(name);
      return (fact !== undefined && patterns.some((matches) => matches(fact))) === wanted;
    };
  }
  if (relation === "~") {
    return (facts) => values.some((value) => facts(name)?.includes(value) === true);
  }
  const place = placesOf(vocabulary.get(name) ?? {});
  const bound = place(values[0] ?? "");
  return (facts) => {
    const fact = facts(name);
    const at = fact === undefined ? Number.NaN : place(fact);
    return holds(at, relation, bound);
  };
}

/** The place of a value in its order; not a number when it has none. */
function placesOf({ values = [], numeric }: Meaning): (value: string) => number {
  if (numeric) return Number;
  const places = new Map(values.map((value, index) => [value, index]));
  return (value) => places.get(value) ?? Number.NaN;
}
