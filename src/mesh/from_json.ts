/**
 * Values from JSON; the other direction of `json.ts`. A missing key is an absent field; whether
 * it may be absent is the encoder's question.
 *
 * @module
 */
import { fromHex } from "../bytes/hex.ts";
import { fieldsAt, variantsAt } from "../schema/history.ts";
import type { Field, Message, Oneof } from "../schema/message.ts";
import { Any } from "../schema/standard.ts";
import type { Type } from "../schema/type.ts";
import { codecFor, type Value } from "./codec.ts";
import { unboxed } from "./form.ts";
import { type BlobLookup, type Json, jsonKey } from "./json.ts";
import { RELEASE_NAMES } from "./release.ts";

/** Types whose value is a `bigint`. */
const WIDE = new Set(["u64", "usize", "i64", "isize", "u128", "i64Varint", "nonZeroU64"]);

/** The value that `json` stands for; throws a `TypeError` that names the path. */
export function fromJson<D extends Message | Oneof>(
  declaration: D,
  release: string,
  json: unknown,
  lookup: BlobLookup,
): Value<D> {
  const reader = new JsonReader(release, lookup);
  return reader.declaration(declaration, json as Json, declaration.name) as Value<D>;
}

class JsonReader {
  readonly #release: string;
  readonly #lookup: BlobLookup;

  constructor(release: string, lookup: BlobLookup) {
    this.#release = release;
    this.#lookup = lookup;
  }

  declaration(declaration: Message | Oneof, json: Json, path: string): unknown {
    if (declaration === Any) return this.#blob(json, path);
    if ("variants" in declaration) return this.#oneof(declaration, json, path);
    const fields = fieldsAt(declaration, this.#release, RELEASE_NAMES);
    return this.#fields(declaration.name, fields, json, path);
  }

  #fields(message: string, fields: readonly Field[], json: Json, path: string): unknown {
    const from = object(json, path);
    const byKey = new Map(fields.map((field) => [jsonKey(message, field), field]));
    const value: Record<string, unknown> = {};
    for (const [key, held] of Object.entries(from)) {
      const field = byKey.get(key);
      if (field === undefined) {
        const keys = [...byKey.keys()].join(", ") || "no key";
        refuse(path, `an object with ${keys} (release ${this.#release})`, `the key ${key}`);
      }
      value[field.name] = this.#value(field.type, held, `${path}.${field.name}`);
    }
    return value;
  }

  #oneof(oneof: Oneof, json: Json, path: string): unknown {
    const entries = Object.entries(object(json, path));
    const [name, payload] = entries[0] ?? ["nothing", null];
    const variants = variantsAt(oneof, this.#release, RELEASE_NAMES);
    const variant = variants.find((candidate) => candidate.name === name);
    if (variant === undefined || entries.length !== 1) {
      const names = variants.map((candidate) => candidate.name).join(", ");
      const keys = entries.map(([key]) => key).join(", ") || "none";
      refuse(path, `an object with one key of ${names}`, `the keys ${keys}`);
    }
    const inner = `${path}.${name}`;
    if (variant.transparent !== undefined) {
      return { variant: name, value: this.#value(variant.transparent, payload, inner) };
    }
    const fields = fieldsAt(variant, this.#release, RELEASE_NAMES);
    return { variant: name, value: this.#fields(`${oneof.name}.${name}`, fields, payload, inner) };
  }

  #blob(json: Json, path: string): unknown {
    const { type_url, value, value_hex, ...rest } = object(json, path);
    for (const key of Object.keys(rest)) refuse(path, "a blob", `the key ${key}`);
    const blob: Record<string, unknown> = {};
    if (type_url !== undefined) blob.type_url = text(type_url, `${path}.type_url`);
    if (value_hex !== undefined) blob.value = octets(value_hex, `${path}.value_hex`);
    if (value === undefined) return blob;
    const inner = `${path}.value`;
    if (value_hex !== undefined) refuse(path, "a blob with value or value_hex", "both");
    const message = this.#lookup(String(type_url), this.#release);
    if (message === undefined) refuse(inner, "a message of a known type_url", String(type_url));
    const held = this.declaration(message, value, inner);
    return { ...blob, value: codecFor(message, this.#release).encode(held as never) };
  }

  #value(type: Type, json: Json, path: string): unknown {
    const bare = unboxed(type);
    switch (bare.kind) {
      case "message":
        return this.declaration(bare.message, json, path);
      case "oneof":
        return this.declaration(bare.oneof, json, path);
      case "option":
        return this.#option(bare.of, json, path);
      case "vec":
      case "array":
        return list(json, path).map((held, i) => this.#value(bare.of, held, `${path}[${i}]`));
      case "tuple": {
        const elements = list(json, path);
        if (elements.length !== bare.of.length) {
          refuse(path, `an array of ${bare.of.length}`, `an array of ${elements.length}`);
        }
        return bare.of.map((of, i) => this.#value(of, elements[i] as Json, `${path}[${i}]`));
      }
      case "map":
        return new Map(
          Object.entries(object(json, path)).map(([key, held]) => [
            this.#value(bare.key, key, `${path}.${key}`),
            this.#value(bare.value, held, `${path}.${key}`),
          ]),
        );
      case "duration": {
        const { secs, nanos } = object(json, path);
        return {
          secs: scalar("u64", secs ?? 0, `${path}.secs`),
          nanos: scalar("u32", nanos ?? 0, `${path}.nanos`),
        };
      }
      default:
        return scalar(bare.kind, json, path);
    }
  }

  #option(of: Type, json: Json, path: string): unknown {
    if (json === null) return null;
    if (unboxed(of).kind !== "option") return this.#value(of, json, path);
    const { some } = object(json, path);
    if (some === undefined) refuse(path, 'null or an object with the key "some"', "without it");
    return { some: this.#value(of, some, `${path}.some`) };
  }
}

function scalar(kind: Type["kind"], json: Json, path: string): unknown {
  switch (kind) {
    case "bool":
      if (json === "true" || json === "false") return json === "true";
      if (typeof json !== "boolean") refuse(path, "true or false", JSON.stringify(json));
      return json;
    case "string":
    case "char":
      return text(json, path);
    case "bytes":
    case "octets":
    case "zeroCopy":
    case "ipv6":
    case "rawMessage":
      return octets(json, path);
    case "f32":
    case "f64":
      if (json === "NaN" || json === "Infinity" || json === "-Infinity") return Number(json);
      if (typeof json !== "number") refuse(path, "a number", JSON.stringify(json));
      return json;
    default: {
      const value = integer(json, path);
      return WIDE.has(kind) ? value : Number(value);
    }
  }
}

function integer(json: Json, path: string): bigint {
  if (typeof json === "string" && /^-?\d+$/.test(json)) return BigInt(json);
  if (typeof json === "number" && Number.isInteger(json) && Math.abs(json) <= 2 ** 53) {
    return BigInt(json);
  }
  return refuse(path, "an integer, beyond 2^53 as a string", JSON.stringify(json));
}

function text(json: Json, path: string): string {
  return typeof json === "string" ? json : refuse(path, "a string", JSON.stringify(json));
}

function octets(json: Json, path: string): Uint8Array {
  const hex = text(json, path);
  if (hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex)) {
    refuse(path, "pairs of hexadecimal digits", JSON.stringify(hex));
  }
  return fromHex(hex);
}

function object(json: Json, path: string): { [key: string]: Json } {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    refuse(path, "an object", JSON.stringify(json));
  }
  return json;
}

function list(json: Json, path: string): Json[] {
  return Array.isArray(json) ? json : refuse(path, "an array", JSON.stringify(json));
}

function refuse(path: string, requirement: string, current: string | undefined): never {
  const shown = (current ?? "undefined").slice(0, 80);
  throw new TypeError(`Cannot read ${path} as ${requirement}: current value is ${shown}`);
}
