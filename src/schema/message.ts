/**
 * Saved-state messages and enums with their history, as data. One declaration serves every
 * release: a field says since when it exists and until when. A release reads and writes the
 * fields that exist in it, in the order of declaration, which is the order on the wire.
 *
 * @module
 */
import type { Type } from "./type.ts";

/** The releases in which a declaration exists. */
export interface History {
  /** First release that has it; the first of all when absent. */
  readonly since?: string;
  /** Last release that has it; still there when absent. */
  readonly until?: string;
  /** Name under which earlier releases declare the same thing: a rename, not a new meaning. */
  readonly formerly?: string;
}

/** One field. The same name or number may be declared again for other releases. */
export interface Field<N extends string = string, V = unknown> extends History {
  readonly number: number;
  readonly name: N;
  readonly type: Type<V>;
}

/** A named list of fields; `name` is part of the type URL and never changes. */
export interface Message<F extends readonly Field[] = readonly Field[]> extends History {
  readonly name: string;
  /** Where upstream defines it. */
  readonly source: string;
  readonly fields: F;
}

/** One variant of an enum. */
export interface Variant<N extends string = string, V = unknown> extends History {
  readonly number: number;
  readonly name: N;
  /** Fields of the variant's own message; absent for a transparent one. */
  readonly fields?: readonly Field[];
  /** The payload that a transparent variant carries itself. */
  readonly transparent?: Type<V>;
  /** For the compiler only. */
  readonly value?: V;
}

/** A Rust enum: a message that holds exactly one of its variants. */
export interface Oneof<V extends readonly Variant[] = readonly Variant[]> extends History {
  readonly name: string;
  readonly source: string;
  readonly variants: V;
}

type Always<F> = F extends { since: string } | { until: string } ? never : F;
type Named<F, N> = F extends Field<N & string, infer V> ? V : never;
type NameOf<F> = F extends Field<infer N> ? N : never;
type Flat<T> = { [K in keyof T]: T[K] };

/** What fields look like as an object: versioned ones are optional. */
type FieldValues<F extends readonly Field[]> = Flat<
  { [N in NameOf<Always<F[number]>>]: Named<F[number], N> } & {
    [N in Exclude<NameOf<F[number]>, NameOf<Always<F[number]>>>]?: Named<F[number], N> | undefined;
  }
>;

/** The TypeScript shape of a message, over all releases. */
export type Shape<M> = M extends Message<infer F> ? FieldValues<F> : never;

/** The TypeScript shape of an enum. */
export type Variants<O> =
  O extends Oneof<infer V>
    ? {
        [I in keyof V]: V[I] extends Variant<infer N, infer P> ? { variant: N; value: P } : never;
      }[number]
    : never;

/** Declares a field; see {@linkcode message}. */
export function field<const N extends string, V, const H extends History = Record<never, never>>(
  number: number,
  name: N,
  type: Type<V>,
  history?: H,
): Field<N, V> & H {
  return { number, name, type, ...(history as H) };
}

/** Declares a unit variant, or one with `fields` of its own. */
export function variant<const N extends string, const F extends readonly Field[] = readonly []>(
  number: number,
  name: N,
  fields?: F,
  history: History = {},
): Variant<N, FieldValues<F>> {
  return { number, name, fields: fields ?? [], ...history };
}

/** Declares a variant that is its payload, without a message of its own. */
export function transparent<const N extends string, V>(
  number: number,
  name: N,
  payload: Type<V>,
  history: History = {},
): Variant<N, V> {
  return { number, name, transparent: payload, ...history };
}

/** Declares a message. Field numbers must be unique within each release; the catalogue checks. */
export function message<const F extends readonly Field[]>(
  name: string,
  source: string,
  fields: F,
  history: History = {},
): Message<F> {
  return { name, source, fields, ...history };
}

/** Declares an enum. */
export function oneof<const V extends readonly Variant[]>(
  name: string,
  source: string,
  variants: V,
  history: History = {},
): Oneof<V> {
  return { name, source, variants, ...history };
}
