/**
 * Variants of the interface: `"Tag"`, or `["Tag", payload]`, where several arguments are one tuple.
 *
 * Source: ocaml-rpc, `rpcmarshal.ml`. Tags are read without regard to case; a payload of null is
 * the same as none. Few types have a variant that stands for tags which are not known.
 *
 * @module
 */
import type { Codec } from "./codec.ts";
import { at, mismatch } from "./decode_error.ts";
import type { RpcValue } from "./rpc.ts";

/** Tags with the codec of their payload; `null` for those that have none. */
type Members = Readonly<Record<string, Codec<unknown> | null>>;

export type VariantOf<M> = {
  [K in keyof M & string]: M[K] extends Codec<infer T> ? readonly [K, T] : K;
}[keyof M & string];

/** `fallback` is what a tag is read as that is not known. */
export function variant<M extends Members>(
  name: string,
  members: M,
  fallback?: VariantOf<M>,
): Codec<VariantOf<M>> {
  const tags = Object.keys(members);
  const byLower = new Map(tags.map((tag) => [tag.toLowerCase(), tag]));
  const requirement = `${name}, one of ${tags.join(", ")}`;
  return {
    name: requirement,
    encode(value) {
      const parts: unknown = value;
      const [tag, payload] = (typeof parts === "string" ? [parts] : parts) as [string, unknown?];
      const codec = members[tag];
      if (codec === undefined) throw new RangeError(`Cannot encode ${name}: no tag ${tag}`);
      if (codec === null) return tag;
      const rpc = codec.encode(payload);
      return rpc === null ? tag : [tag, rpc];
    },
    decode(rpc) {
      const [given, payload] = partsOf(rpc) ?? [];
      if (given === undefined) throw mismatch(requirement, rpc);
      const tag = byLower.get(given.toLowerCase());
      if (tag === undefined) {
        if (fallback === undefined) throw mismatch(requirement, given);
        return fallback;
      }
      const codec = members[tag] as Codec<unknown> | null;
      if (codec !== null) {
        return [tag, at(tag, () => codec.decode(payload ?? null))] as unknown as VariantOf<M>;
      }
      if (payload !== null) throw at(tag, () => mismatch("null", payload));
      return tag as VariantOf<M>;
    },
  };
}

function partsOf(rpc: RpcValue): [tag: string, payload: RpcValue] | undefined {
  if (typeof rpc === "string") return [rpc, null];
  if (!Array.isArray(rpc) || rpc.length !== 2) return undefined;
  const [tag, payload] = rpc as [RpcValue, RpcValue];
  return typeof tag === "string" ? [tag, payload] : undefined;
}
