/**
 * Shapes of JSON values: each is a JSON Schema, a check, and a TypeScript type at once, so that
 * what is written about a message, what is checked and what the compiler knows are one thing.
 *
 * Members that a shape does not name are ignored, as the protocol wants.
 *
 * @module
 */

/** A JSON Schema, as far as shapes go (draft 2020-12). */
export type Schema = { readonly [key: string]: unknown };

export interface Shape<T> {
  readonly schema: Schema;
  /** An object may be without it. */
  readonly optional?: true;
  /** What is wrong with `value`, which is at `place`; undefined when nothing is. */
  check(value: unknown, place: string): string | undefined;
  /** Never there; the type that it stands for. */
  readonly stands?: T;
}

/** The type of what a shape describes. */
export type Of<S> = S extends Shape<infer T> ? T : never;

type Members = Readonly<Record<string, Shape<unknown>>>;
type OptionalOf<M> = { [K in keyof M]: M[K] extends { readonly optional: true } ? K : never };
type Optional<M> = OptionalOf<M>[keyof M];
type Named<M> = {
  readonly [K in Exclude<keyof M, Optional<M>>]: Of<M[K]>;
} & { readonly [K in Optional<M>]?: Of<M[K]> };

/** Any JSON value. */
const anything: Shape<unknown> = { schema: {}, check: () => undefined };

const flag: Shape<boolean> = {
  schema: { type: "boolean" },
  check: (value, place) =>
    typeof value === "boolean" ? undefined : wrong(place, "true or false", value),
};

/** Text of at least `min` characters, in one line where `line` says so. */
function text(description: string, min = 0): Shape<string> {
  const schema = { type: "string", ...(min === 0 ? {} : { minLength: min }), description };
  const must = min === 0 ? "text" : "text that is not empty";
  return {
    schema,
    check: (value, place) =>
      typeof value === "string" && value.length >= min ? undefined : wrong(place, must, value),
  };
}

function integer(description: string, min = 0): Shape<number> {
  return {
    schema: { type: "integer", minimum: min, description },
    check: (value, place) =>
      Number.isSafeInteger(value) && (value as number) >= min
        ? undefined
        : wrong(place, `an integer from ${min}`, value),
  };
}

/** One of some words. */
function oneOf<const W extends string>(...words: readonly W[]): Shape<W> {
  return {
    schema: { enum: words },
    check: (value, place) =>
      words.includes(value as W) ? undefined : wrong(place, `one of ${words.join(", ")}`, value),
  };
}

function list<T>(item: Shape<T>, description: string, min = 0): Shape<readonly T[]> {
  const least = min === 0 ? {} : { minItems: min };
  return {
    schema: { type: "array", items: item.schema, ...least, description },
    check(value, place) {
      if (!Array.isArray(value)) return wrong(place, "a list", value);
      if (value.length < min) return wrong(place, `a list of ${min} or more`, value);
      return firstOf(value.entries(), ([at, it]) => item.check(it, `${place}/${at}`));
    },
  };
}

/** Values by any name. */
function record<T>(item: Shape<T>, description: string): Shape<Readonly<Record<string, T>>> {
  return {
    schema: { type: "object", additionalProperties: item.schema, description },
    check(value, place) {
      if (!isObject(value)) return wrong(place, "an object", value);
      return firstOf(Object.entries(value), ([name, it]) => item.check(it, `${place}/${name}`));
    },
  };
}

function object<const M extends Members>(members: M, description?: string): Shape<Named<M>> {
  const all = Object.entries(members);
  const required = all.flatMap(([name, { optional }]) => (optional ? [] : [name]));
  const schema = {
    type: "object",
    properties: Object.fromEntries(all.map(([name, it]) => [name, it.schema])),
    ...(required.length === 0 ? {} : { required }),
    ...(description === undefined ? {} : { description }),
  };
  return {
    schema,
    check(value, place) {
      if (!isObject(value)) return wrong(place, "an object", value);
      for (const [name, shape] of all) {
        const it = value[name];
        if (it === undefined && shape.optional) continue;
        const found = shape.check(it, `${place}/${name}`);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

function optional<T>(shape: Shape<T>): Shape<T> & { readonly optional: true } {
  return { ...shape, optional: true };
}

function either<A, B>(a: Shape<A>, b: Shape<B>): Shape<A | B> {
  return {
    schema: { anyOf: [a.schema, b.schema] },
    check(value, place) {
      const found = a.check(value, place);
      return found === undefined || b.check(value, place) === undefined ? undefined : found;
    },
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function firstOf<T>(
  items: Iterable<T>,
  check: (item: T) => string | undefined,
): string | undefined {
  for (const item of items) {
    const found = check(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Characters of a wrong value that are shown. */
const SHOWN_MAX = 60;

function wrong(place: string, must: string, value: unknown): string {
  const shown = value === undefined ? "absent" : JSON.stringify(value);
  const short = shown.length > SHOWN_MAX ? `${shown.slice(0, SHOWN_MAX)}…` : shown;
  return `${place} must be ${must}: current value is ${short}`;
}

/** What shapes are made with. */
export const shapes = {
  anything,
  flag,
  text,
  integer,
  oneOf,
  list,
  record,
  object,
  optional,
  either,
};
