/**
 * Types of the interface that are made of others by position: lists, dicts, tuples, boxed options.
 *
 * Source: ocaml-rpc, `rpcmarshal.ml`. Tuples have exactly their length. An option that is neither a
 * field nor a named parameter is a list of none or one.
 *
 * @module
 */
import type { Codec, TypeOf } from "./codec.ts";
import { at, mismatch } from "./decode_error.ts";
import { RpcDict, type RpcValue } from "./rpc.ts";

export function list<T>(item: Codec<T>): Codec<readonly T[]> {
  const name = "a list";
  return {
    name,
    encode: (values) => values.map((value) => item.encode(value)),
    decode: (rpc) => itemsOf(rpc, name).map((value, index) => at(index, () => item.decode(value))),
  };
}

/** A list of pairs of a text and something: an object whose keys keep their order. */
export function kv<T>(item: Codec<T>): Codec<readonly (readonly [string, T])[]> {
  const name = "a dict";
  return {
    name,
    encode: (pairs) => new RpcDict(pairs.map(([key, value]) => [key, item.encode(value)])),
    decode(rpc) {
      if (!(rpc instanceof RpcDict)) throw mismatch(name, rpc);
      return rpc.entries.map(([key, value]) => [key, at(key, () => item.decode(value))] as const);
    },
  };
}

type Types<C extends readonly Codec<unknown>[]> = {
  readonly [K in keyof C]: TypeOf<C[K]>;
};

/** A tuple of two to four. */
export function tuple<const C extends readonly Codec<unknown>[]>(...members: C): Codec<Types<C>> {
  const name = `a list of ${members.length}`;
  return {
    name,
    encode: (values) => members.map((member, index) => member.encode(values[index])),
    decode(rpc) {
      const items = itemsOf(rpc, name);
      if (items.length !== members.length) throw mismatch(name, rpc);
      return members.map((member, index) =>
        at(index, () => member.decode(items[index] as RpcValue)),
      ) as unknown as Types<C>;
    },
  };
}

/** An option that is a member of a tuple or an item of a list. */
export function boxed<T>(inner: Codec<T>): Codec<T | undefined> {
  const name = "a list of none or one";
  return {
    name,
    encode: (value) => (value === undefined ? [] : [inner.encode(value)]),
    decode(rpc) {
      const items = itemsOf(rpc, name);
      if (items.length > 1) throw mismatch(name, rpc);
      const [only] = items;
      return only === undefined ? undefined : inner.decode(only);
    },
  };
}

function itemsOf(rpc: RpcValue, name: string): readonly RpcValue[] {
  if (!Array.isArray(rpc)) throw mismatch(name, rpc);
  return rpc as readonly RpcValue[];
}
