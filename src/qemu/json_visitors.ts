/**
 * Visitors over JSON: a tree as text. Octets are `{"hex": ...}` and 64-bit integers
 * `{"wide": ...}`, in decimal, as numbers of JSON are not exact beyond 2^53.
 *
 * @module
 */
import { fromHex, toHex } from "../bytes/hex.ts";
import { VisitError } from "./error.ts";
import { ObjectLoader, ObjectSaver } from "./object_visitors.ts";
import { isTree, type Tree, type Value } from "./tree.ts";
import { DEPTH_MAX } from "./visitor.ts";

/** Characters of one state. */
export const JSON_MAX = 16 * 1024 * 1024;

type Json = null | number | boolean | string | readonly Json[] | { readonly [name: string]: Json };

/** Saves into text. */
export class JsonSaver extends ObjectSaver {
  get json(): string {
    return JSON.stringify(jsonOf(this.tree));
  }
}

/** Loads from text. */
export class JsonLoader extends ObjectLoader {
  constructor(text: string) {
    super(treeOf(text));
  }
}

/** `value` with nothing in it that JSON has not. */
export function jsonOf(value: Value): Json {
  if (typeof value === "bigint") return { wide: String(value) };
  if (value instanceof Uint8Array) return { hex: toHex(value) };
  if (Array.isArray(value)) return value.map(jsonOf);
  if (!isTree(value)) return value as number | boolean | string;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, jsonOf(inner)]));
}

/** The tree in `text`. Throws a `VisitError` with the place at which it is none. */
export function treeOf(text: string): Tree {
  if (text.length > JSON_MAX) {
    const found = `current value is ${text.length}`;
    throw new VisitError("the text", `it must have at most ${JSON_MAX} characters: ${found}`);
  }
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch (error) {
    throw new VisitError("the text", `it must be JSON: ${(error as Error).message}`);
  }
  const value = valueIn(json, []);
  if (isTree(value)) return value;
  throw new VisitError("the text", "it must hold a structure");
}

function valueIn(json: Json, trail: readonly string[]): Value {
  const place = () => trail.join(".") || "the state";
  // Twice as deep as visitors go, as a list and its items are two.
  if (trail.length > 2 * DEPTH_MAX) {
    throw new VisitError(place(), `it must be at most ${2 * DEPTH_MAX} deep`);
  }
  if (json === null) throw new VisitError(place(), "it must not be null");
  if (typeof json !== "object") return json;
  if (Array.isArray(json)) return json.map((item, at) => valueIn(item, [...trail, String(at)]));
  const entries = Object.entries(json as { readonly [name: string]: Json });
  const [[name, only] = ["", ""]] = entries;
  if (entries.length === 1 && typeof only === "string") {
    if (name === "hex") return octetsOf(only, place());
    if (name === "wide") return wideOf(only, place());
  }
  return Object.fromEntries(entries.map(([key, inner]) => [key, valueIn(inner, [...trail, key])]));
}

function octetsOf(text: string, place: string): Uint8Array {
  if (text.length % 2 === 0 && /^[0-9a-f]*$/.test(text)) return fromHex(text);
  throw new VisitError(place, "octets must be pairs of hexadecimal digits");
}

function wideOf(text: string, place: string): bigint {
  if (/^-?[0-9]{1,20}$/.test(text)) return BigInt(text);
  throw new VisitError(place, `it must be decimal: current value is "${text.slice(0, 40)}"`);
}
