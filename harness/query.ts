/**
 * The one grammar of questions about cells: `writer=2505 & verdict=failed`. `--where` and queries
 * of runs and histories both speak it.
 *
 *     question = count [ order number ] | shown
 *     count    = "count(" shown ")"
 *     shown    = "seq(" query "," query ")" | query
 *     query    = all { "|" all }
 *     all      = one { "&" one }
 *     one      = "!" one | "(" query ")" | each | name relation value { "," value }
 *     each     = ( "exists" | "all" | "none" ) "(" query ")"
 *     relation = "=" | "!=" | "~" | "<" | "<=" | ">" | ">="
 *
 * `each` is about the hops of a path or about its edges, by the names that stand in it.
 * `and`, `or` and `not` are other words for `&`, `|` and `!`. A value with one of their letters
 * stands in double quotes.
 *
 * @module
 */
import { letterOf, QueryError, type Token, tokensOf } from "./query_tokens.ts";

export { QueryError } from "./query_tokens.ts";

export type Relation = "=" | "!=" | "~" | "<" | "<=" | ">" | ">=";

export type Quantifier = "exists" | "all" | "none";

export type Query =
  | { readonly kind: "any" | "all"; readonly of: readonly Query[] }
  | { readonly kind: "not"; readonly of: Query }
  | {
      readonly kind: "each";
      readonly quantifier: Quantifier;
      readonly of: Query;
      /** Where it stands, as a letter counted from 1. */
      readonly letter: number;
    }
  | {
      readonly kind: "test";
      readonly name: string;
      readonly relation: Relation;
      readonly values: readonly string[];
      /** Where it stands, as a letter counted from 1. */
      readonly letter: number;
    };

export interface Question {
  /** What cells must be; with `then`, what they must be in the next run that has them. */
  readonly query: Query;
  readonly then?: Query;
  /** Only their number is asked for. */
  readonly counts: boolean;
  /** What their number must be. */
  readonly bound?: { readonly relation: Relation; readonly number: number };
}

/** Letters of a question; longer ones are written by no person. */
const LENGTH_MAX = 100_000;
/** Brackets within brackets. */
const DEPTH_MAX = 100;

const RELATIONS: readonly string[] = ["=", "!=", "~", "<", "<=", ">", ">="];

const QUANTIFIERS: readonly Quantifier[] = ["exists", "all", "none"];

/** Reads a query. Throws {@linkcode QueryError} when it is none. */
export function parseQuery(text: string): Query {
  const parser = new Parser(text);
  const query = parser.query();
  parser.end();
  return query;
}

/** Reads a question. Throws {@linkcode QueryError} when it is none. */
export function parseQuestion(text: string): Question {
  const parser = new Parser(text);
  const question = parser.question();
  parser.end();
  return question;
}

/** All tests of a query. */
export function* testsOf(query: Query): Generator<Query & { readonly kind: "test" }> {
  if (query.kind === "test") yield query;
  else if (query.kind === "not" || query.kind === "each") yield* testsOf(query.of);
  else for (const part of query.of) yield* testsOf(part);
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  #isWithinEach = false;

  constructor(text: string) {
    this.#text = text;
    if (text.length > LENGTH_MAX) {
      throw new QueryError(`Cannot read a query of ${text.length} letters`, LENGTH_MAX);
    }
    this.#tokens = [...tokensOf(text)];
  }

  question(): Question {
    if (!this.#takesCall("count")) return { ...this.#shown(), counts: false };
    const shown = this.#shown();
    this.#demand(")");
    const relation = this.#relation();
    if (relation === undefined) return { ...shown, counts: true };
    const { text } = this.#take();
    if (!/^\d{1,15}$/.test(text)) this.#fail("a number", this.#next - 1);
    return { ...shown, counts: true, bound: { relation, number: Number(text) } };
  }

  #shown(): Pick<Question, "query" | "then"> {
    if (!this.#takesCall("seq")) return { query: this.query() };
    const query = this.query();
    this.#demand(",");
    const then = this.query();
    this.#demand(")");
    return { query, then };
  }

  query(): Query {
    return this.#several("any", "|", () => this.#several("all", "&", () => this.#one()));
  }

  end(): void {
    if (this.#next < this.#tokens.length) this.#fail("& or | or its end", this.#next);
  }

  #several(kind: "any" | "all", sign: string, part: () => Query): Query {
    const first = part();
    if (!this.#takes(sign)) return first;
    const of = [first, part()];
    while (this.#takes(sign)) of.push(part());
    return { kind, of };
  }

  #one(): Query {
    if (++this.#depth > DEPTH_MAX) this.#fail(`at most ${DEPTH_MAX} brackets`, this.#next);
    try {
      if (this.#takes("!")) return { kind: "not", of: this.#one() };
      const quantifier = QUANTIFIERS.find((name) => this.#isCall(name));
      if (quantifier !== undefined) return this.#each(quantifier);
      if (!this.#takes("(")) return this.#test();
      const query = this.query();
      this.#demand(")");
      return query;
    } finally {
      this.#depth--;
    }
  }

  #each(quantifier: Quantifier): Query {
    if (this.#isWithinEach) this.#fail(`no ${quantifier} within another one`, this.#next);
    const letter = this.#letter(this.#next);
    this.#next += 2;
    this.#isWithinEach = true;
    const of = this.query();
    this.#demand(")");
    this.#isWithinEach = false;
    return { kind: "each", quantifier, of, letter };
  }

  #test(): Query {
    const letter = this.#letter(this.#next);
    const { text: name, sign } = this.#take();
    if (sign !== undefined) this.#fail("a name", this.#next - 1);
    const relation = this.#relation();
    if (relation === undefined) this.#fail("= or another relation", this.#next);
    const values = [this.#value()];
    // In `seq(a, b)` a comma is followed by another test.
    while (this.#takesComma()) values.push(this.#value());
    return { kind: "test", name, relation, values, letter };
  }

  #value(): string {
    const { text, sign } = this.#take();
    if (sign !== undefined) this.#fail("a value", this.#next - 1);
    return text;
  }

  #takesComma(): boolean {
    const [comma, value, after] = this.#tokens.slice(this.#next, this.#next + 3);
    if (comma?.sign !== "," || value === undefined || value.sign !== undefined) return false;
    if (after?.sign !== undefined && RELATIONS.includes(after.sign)) return false;
    this.#next++;
    return true;
  }

  #relation(): Relation | undefined {
    const sign = this.#tokens[this.#next]?.sign;
    if (sign === undefined || !RELATIONS.includes(sign)) return undefined;
    this.#next++;
    return sign as Relation;
  }

  #takesCall(name: string): boolean {
    if (!this.#isCall(name)) return false;
    this.#next += 2;
    return true;
  }

  #isCall(name: string): boolean {
    const [word, bracket] = this.#tokens.slice(this.#next, this.#next + 2);
    return word?.sign === undefined && word?.text === name && bracket?.sign === "(";
  }

  #takes(sign: string): boolean {
    if (this.#tokens[this.#next]?.sign !== sign) return false;
    this.#next++;
    return true;
  }

  #demand(sign: string): void {
    if (!this.#takes(sign)) this.#fail(sign, this.#next);
  }

  #take(): Token {
    const token = this.#tokens[this.#next++];
    return token ?? this.#fail("more", this.#next - 1);
  }

  #fail(wanted: string, index: number): never {
    const token = this.#tokens[index];
    const found = token === undefined ? "it ends" : `there is ${this.#text.slice(token.at).trim()}`;
    const message = `Cannot read query ${this.#text} as it must have ${wanted}: ${found}`;
    throw new QueryError(message, this.#letter(index));
  }

  /** Where a token stands. */
  #letter(index: number): number {
    return letterOf(this.#text, this.#tokens[index]?.at ?? this.#text.trimEnd().length);
  }
}
