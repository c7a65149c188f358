/**
 * Types of the interface that have no parts, with what their readers forgive.
 *
 * Source: ocaml-rpc, `rpcmarshal.ml`. Numbers may come as decimal texts; nothing else may be what
 * it is not.
 *
 * @module
 */
import { mismatch } from "./decode_error.ts";
import { INT64_MAX, INT64_MIN, type RpcValue } from "./rpc.ts";

/** A type of the interface: what is in memory to what is on the wire, and back. */
export interface Codec<T> {
  /** What it is called in messages. */
  readonly name: string;
  encode(value: T): RpcValue;
  /** Throws `RpcDecodeError`. */
  decode(rpc: RpcValue): T;
}

/** The values of a codec. */
export type TypeOf<C> = C extends Codec<infer T> ? T : never;

const DECIMAL = /^[+-]?\d{1,19}$/;
const FLOAT_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const FLOAT_TEXT_LENGTH_MAX = 400;

export const UNIT: Codec<null> = {
  name: "null",
  encode: () => null,
  decode(rpc) {
    if (rpc !== null) throw mismatch("null", rpc);
    return null;
  },
};

export const BOOL: Codec<boolean> = {
  name: "a boolean",
  encode: (value) => value,
  decode(rpc) {
    if (typeof rpc !== "boolean") throw mismatch("a boolean", rpc);
    return rpc;
  },
};

export const STRING: Codec<string> = {
  name: "a text",
  encode: (value) => value,
  decode(rpc) {
    if (typeof rpc !== "string") throw mismatch("a text", rpc);
    return rpc;
  },
};

export const INT64: Codec<bigint> = {
  name: "a whole number",
  encode(value) {
    if (value >= INT64_MIN && value <= INT64_MAX) return value;
    throw new RangeError(`Cannot encode a whole number as 64 bits: current value is ${value}`);
  },
  decode: (rpc) => wholeOf(rpc, "a whole number of 64 bits", INT64_MIN, INT64_MAX),
};

/** A whole number for which a `number` is large enough. */
export const INT: Codec<number> = narrow("a whole number", Number.MAX_SAFE_INTEGER);

export const INT32: Codec<number> = narrow("a whole number of 32 bits", 2 ** 31 - 1);

export const FLOAT: Codec<number> = {
  name: "a float",
  encode: (value) => value,
  decode(rpc) {
    if (typeof rpc === "number") return rpc;
    if (typeof rpc === "bigint") return Number(rpc);
    if (typeof rpc !== "string" || rpc.length > FLOAT_TEXT_LENGTH_MAX || !FLOAT_TEXT.test(rpc)) {
      throw mismatch("a float", rpc);
    }
    return Number(rpc);
  },
};

/** Any value, as it is. */
export const RPC: Codec<RpcValue> = {
  name: "a value",
  encode: (value) => value,
  decode: (rpc) => rpc,
};

function narrow(name: string, max: number): Codec<number> {
  const [low, high] = [BigInt(-max), BigInt(max)];
  const least = max === Number.MAX_SAFE_INTEGER ? low : low - 1n;
  return {
    name,
    encode(value) {
      if (Number.isInteger(value) && value <= max && value >= least) return BigInt(value);
      throw new RangeError(`Cannot encode a number as ${name}: current value is ${value}`);
    },
    decode: (rpc) => Number(wholeOf(rpc, name, least, high)),
  };
}

function wholeOf(rpc: RpcValue, name: string, min: bigint, max: bigint): bigint {
  const isText = typeof rpc === "string" && DECIMAL.test(rpc);
  // BigInt takes no plus.
  const value = isText ? BigInt(rpc.replace("+", "")) : rpc;
  if (typeof value !== "bigint" || value < min || value > max) throw mismatch(name, rpc);
  return value;
}
