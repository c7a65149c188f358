/**
 * What a query means: tests of facts by name, some of which have an order.
 *
 * @module
 */
import { namePattern } from "./name_pattern.ts";
import { type Quantifier, type Query, type Relation, testsOf } from "./query.ts";
import { checkQuery, type Meaning, type Vocabulary } from "./query_check.ts";

/** What is known of one thing, by name. A name without a fact equals nothing. */
export type Facts = (name: string) => string | undefined;

/** What is known of the stops of a path and of the ways between them, in order. */
export interface PathFacts {
  readonly hops: readonly Facts[];
  readonly edges: readonly Facts[];
}

/** Whether a thing is as a query says; `path` is asked for when the query speaks of all of it. */
export type Matches = (facts: Facts, path: () => PathFacts) => boolean;

/**
 * Makes a predicate. Throws a {@linkcode QueryError} for a name or a value that `vocabulary` lacks,
 * and for an order where there is none. The order is that of `orders`; what it lacks has no place.
 */
export function matcherOf(
  query: Query,
  vocabulary: Vocabulary,
  orders: Vocabulary = vocabulary,
): Matches {
  checkQuery(query, vocabulary);
  return made(query, orders);
}

/** Whether `one` stands in `relation` to `other`. */
export function holds<T extends number | string>(one: T, relation: Relation, other: T): boolean {
  if (relation === "=" || relation === "~") return one === other;
  if (relation === "!=") return one !== other;
  if (relation === "<") return one < other;
  if (relation === "<=") return one <= other;
  return relation === ">" ? one > other : one >= other;
}

function made(query: Query, vocabulary: Vocabulary): Matches {
  if (query.kind === "test") return madeTest(query, vocabulary);
  if (query.kind === "each") return madeEach(query.quantifier, query.of, vocabulary);
  if (query.kind === "not") {
    const matches = made(query.of, vocabulary);
    return (facts, path) => !matches(facts, path);
  }
  const parts = query.of.map((part) => made(part, vocabulary));
  return query.kind === "any"
    ? (facts, path) => parts.some((matches) => matches(facts, path))
    : (facts, path) => parts.every((matches) => matches(facts, path));
}

function madeEach(quantifier: Quantifier, of: Query, vocabulary: Vocabulary): Matches {
  const isOfEdges = testsOf(of).some(({ name }) => vocabulary.get(name)?.of === "edge");
  const matches = made(of, vocabulary);
  return (_facts, path) => {
    const all = isOfEdges ? path().edges : path().hops;
    const isMet = (one: Facts) => matches(one, path);
    if (quantifier === "all") return all.every(isMet);
    return all.some(isMet) === (quantifier === "exists");
  };
}

type Test = Query & { readonly kind: "test" };

function madeTest({ name, relation, values }: Test, vocabulary: Vocabulary): Matches {
  const meaning = vocabulary.get(name) ?? {};
  if (relation === "~") {
    return (facts) => values.some((value) => facts(name)?.includes(value) === true);
  }
  if (meaning.time === true) return madeTime(name, relation, values);
  if (relation === "=" || relation === "!=") {
    const patterns = values.map(namePattern);
    const wanted = relation === "=";
    return (facts) => {
      const fact = facts(name);
      return (fact !== undefined && patterns.some((matches) => matches(fact))) === wanted;
    };
  }
  const place = placesOf(meaning);
  const bound = place(values[0] ?? "");
  return (facts) => {
    const fact = facts(name);
    const at = fact === undefined ? Number.NaN : place(fact);
    return holds(at, relation, bound);
  };
}

/** A time is as long as what it is compared with: one of a day is that day. */
function madeTime(name: string, relation: Relation, values: readonly string[]): Matches {
  return (facts) => {
    const fact = facts(name);
    if (fact === undefined) return relation === "!=";
    const isSo = (value: string) =>
      value === "*" ? relation === "=" : holds(fact.slice(0, value.length), relation, value);
    return relation === "!=" ? values.every(isSo) : values.some(isSo);
  };
}

/** The place of a value in its order; not a number when it has none. */
function placesOf({ values = [], numeric }: Meaning): (value: string) => number {
  if (numeric) return Number;
  const places = new Map(values.map((value, index) => [value, index]));
  return (value) => places.get(value) ?? Number.NaN;
}
