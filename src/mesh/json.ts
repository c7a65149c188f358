/**
 * Values as JSON and back, as the golden rows have them: Rust's field names; integers as numbers,
 * beyond 2^53 as decimal strings; octets as hexadecimal text under a key that ends in `_hex`; an
 * enum as `{"Variant": {...}}`; a blob as `{"type_url", "value"}` with the message that it names,
 * or `value_hex` when nobody knows it.
 *
 * @module
 */
import { toHex } from "../bytes/hex.ts";
import { fieldsAt, variantsAt } from "../schema/history.ts";
import type { Field, Message, Oneof } from "../schema/message.ts";
import { Any } from "../schema/standard.ts";
import type { Duration, Type } from "../schema/type.ts";
import { type Blob, parseBlob } from "./blob.ts";
import { MeshError } from "./error.ts";
import { unboxed } from "./form.ts";
import { RELEASE_NAMES } from "./release.ts";

/** What JSON can hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The message that a blob with this type URL holds in a release, when it is known. */
export type BlobLookup = (typeUrl: string, release: string) => Message | Oneof | undefined;

/** Integers up to here are JSON numbers. */
export const NUMBER_MAX = 2n ** 53n;

/** The one field of octets whose key has no suffix, as a golden row has it. */
const PLAIN = "t.V.f";

/** The key of a field in JSON. */
export function jsonKey(message: string, field: Pick<Field, "name" | "type">): string {
  if (`${message}.${field.name}` === PLAIN) return field.name;
  return holdsOctets(field.type) ? `${field.name}_hex` : field.name;
}

function holdsOctets(type: Type): boolean {
  switch (type.kind) {
    case "bytes":
    case "octets":
    case "zeroCopy":
    case "ipv6":
    case "rawMessage":
      return true;
    case "option":
    case "vec":
    case "array":
    case "boxed":
      return holdsOctets(type.of);
    default:
      return false;
  }
}

/** The JSON of a decoded value. */
export function toJson(
  declaration: Message | Oneof,
  release: string,
  value: unknown,
  lookup: BlobLookup,
): Json {
  return new JsonWriter(release, lookup).declaration(declaration, value);
}

class JsonWriter {
  readonly #release: string;
  readonly #lookup: BlobLookup;

  constructor(release: string, lookup: BlobLookup) {
    this.#release = release;
    this.#lookup = lookup;
  }

  declaration(declaration: Message | Oneof, value: unknown): Json {
    if (declaration === Any) return this.#blob(value as Blob);
    if ("variants" in declaration) return this.#oneof(declaration, value);
    const fields = fieldsAt(declaration, this.#release, RELEASE_NAMES);
    return this.#fields(declaration.name, fields, value);
  }

  #fields(message: string, fields: readonly Field[], value: unknown): Json {
    const from = value as Record<string, unknown>;
    const entries = fields
      .filter(({ name }) => from[name] !== undefined)
      .map((field) => [jsonKey(message, field), this.#value(field.type, from[field.name])]);
    return Object.fromEntries(entries);
  }

  #oneof(oneof: Oneof, value: unknown): Json {
    const { variant: name, value: payload } = value as { variant: string; value: unknown };
    const variant = variantsAt(oneof, this.#release, RELEASE_NAMES).find((v) => v.name === name);
    if (variant === undefined) {
      throw new TypeError(`Cannot write ${oneof.name} as JSON: current variant is ${name}`);
    }
    if (variant.transparent !== undefined) {
      return { [name]: this.#value(variant.transparent, payload) };
    }
    const fields = fieldsAt(variant, this.#release, RELEASE_NAMES);
    return { [name]: this.#fields(`${oneof.name}.${name}`, fields, payload ?? {}) };
  }

  #blob({ type_url, value }: Blob): Json {
    const message = this.#lookup(type_url, this.#release);
    if (message !== undefined) {
      try {
        const inner = parseBlob({ type_url, value }, message, this.#release);
        return { type_url, value: this.declaration(message, inner) };
      } catch (error) {
        // What the state as a whole is remains visible even where one blob is broken.
        if (!(error instanceof MeshError)) throw error;
      }
    }
    return { type_url, value_hex: toHex(value) };
  }

  #value(type: Type, value: unknown): Json {
    const bare = unboxed(type);
    switch (bare.kind) {
      case "message":
        return this.declaration(bare.message, value);
      case "oneof":
        return this.declaration(bare.oneof, value);
      case "option":
        return this.#option(bare.of, value);
      case "vec":
      case "array":
        return (value as unknown[]).map((element) => this.#value(bare.of, element));
      case "tuple":
        return bare.of.map((element, i) => this.#value(element, (value as unknown[])[i]));
      case "map":
        return Object.fromEntries(
          [...(value as Map<unknown, unknown>)].map(([key, held]) => [
            String(key),
            this.#value(bare.value, held),
          ]),
        );
      case "duration": {
        const { secs, nanos } = value as Duration;
        return { secs: plain(secs), nanos };
      }
      default:
        return plain(value);
    }
  }

  #option(of: Type, value: unknown): Json {
    if (value === null || value === undefined) return null;
    if (unboxed(of).kind !== "option") return this.#value(of, value);
    return { some: this.#value(of, (value as { some: unknown }).some) };
  }
}

function plain(value: unknown): Json {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === "bigint") {
    return value > NUMBER_MAX || value < -NUMBER_MAX ? value.toString() : Number(value);
  }
  // JSON has no NaN and no infinity.
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return value as Json;
}
