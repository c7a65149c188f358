/**
 * Records of the interface, and the named parameters of a call.
 *
 * Source: ocaml-rpc, `rpcmarshal.ml`, `idl.ml` and its deriver. Fields are written in reverse; keys
 * of a record are read without regard to case, those of parameters with it. Unknown keys are passed
 * over, the first of two equal keys counts. A default stands for a field that is absent and for one
 * that is malformed, too: that is how the known implementation reads, and it hides mistakes.
 *
 * @module
 */
import type { Codec, TypeOf } from "./codec.ts";
import { at, mismatch, RpcDecodeError } from "./decode_error.ts";
import { RpcDict, type RpcEntry, type RpcValue } from "./rpc.ts";

/** How a field is read when it is absent, and whether mistakes in it are hidden. */
type Rule = "required" | "optional" | "masked" | "defaulted";

export interface Field<T, R extends Rule> {
  readonly rule: R;
  readonly codec: Codec<T>;
  readonly value?: T;
}

type AnyField = Codec<unknown> | Field<unknown, Rule>;
type Fields = Readonly<Record<string, AnyField>>;
type OptionalKeys<F> = {
  [K in keyof F]: F[K] extends Field<unknown, "optional" | "masked"> ? K : never;
}[keyof F];
type FieldType<X> = X extends Field<infer T, Rule> ? T : TypeOf<X>;
type Flat<T> = { [K in keyof T]: T[K] };

/** What a record is in memory; an option that is absent has no key, or is `undefined`. */
export type RecordOf<F> = Flat<
  { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: FieldType<F[K]> } & {
    readonly [K in OptionalKeys<F>]?: FieldType<F[K]> | undefined;
  }
>;

/** An option: the key is absent when there is none. It must not be `null`. */
export function optional<T>(codec: Codec<T>): Field<T, "optional"> {
  return { rule: "optional", codec };
}

/** An option with none as its default: what is malformed is none, too. */
export function masked<T>(codec: Codec<T>): Field<T, "masked"> {
  return { rule: "masked", codec };
}

export function defaulted<T>(codec: Codec<T>, value: NoInfer<T>): Field<T, "defaulted"> {
  return { rule: "defaulted", codec, value: frozen(value) };
}

export function record<F extends Fields>(name: string, fields: F): Codec<RecordOf<F>> {
  return recordBy(name, fields, (key) => key.toLowerCase());
}

/** The named parameters of a call. */
export function parameters<F extends Fields>(name: string, fields: F): Codec<RecordOf<F>> {
  return recordBy(name, fields, (key) => key);
}

function recordBy<F extends Fields>(
  name: string,
  fields: F,
  keyOf: (key: string) => string,
): Codec<RecordOf<F>> {
  const declared = Object.entries(fields).map(([key, field]) => ({
    key,
    wanted: keyOf(key),
    ...("rule" in field ? field : { rule: "required" as const, codec: field }),
  }));
  const reverse = declared.toReversed();
  return {
    name,
    encode(value) {
      const entries: RpcEntry[] = [];
      for (const { key, rule, codec } of reverse) {
        const part = (value as Record<string, unknown>)[key];
        const isOption = rule === "optional" || rule === "masked";
        if (part !== undefined || !isOption) entries.push([key, codec.encode(part)]);
      }
      return new RpcDict(entries);
    },
    decode(rpc) {
      if (!(rpc instanceof RpcDict)) throw mismatch(name, rpc);
      const found = new Map<string, RpcValue>();
      for (const [key, value] of rpc.entries) {
        const wanted = keyOf(key);
        if (!found.has(wanted)) found.set(wanted, value);
      }
      const result: Record<string, unknown> = {};
      for (const field of declared) {
        const value = at(field.key, () => fieldOf(field, found.get(field.wanted)));
        if (value !== undefined) result[field.key] = value;
      }
      return result as RecordOf<F>;
    },
  };
}

function fieldOf({ rule, codec, value }: Field<unknown, Rule>, rpc: RpcValue | undefined): unknown {
  if (rpc === undefined) {
    if (rule === "required") throw mismatch(codec.name, undefined);
    return value;
  }
  if (rule === "required" || rule === "optional") return codec.decode(rpc);
  try {
    return codec.decode(rpc);
  } catch (error) {
    if (!(error instanceof RpcDecodeError)) throw error;
    return value;
  }
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}
