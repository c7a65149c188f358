/**
 * Values that JSON lacks, tagged: `{"$bigint": "12"}`, `{"$octets": "base64"}`, `{"$set": [v]}`,
 * `{"$map": [[k, v]]}`, `{"$number": "NaN"}`, `{"$undefined": true}`. An object
 * with a name that begins with `$` is `{"$object": [[name, value]]}`, so that nothing is taken for
 * a tag that is none.
 *
 * @module
 */

/** `value` as JSON can hold it. */
export function tagged(value: unknown): unknown {
  if (typeof value === "bigint") return { $bigint: String(value) };
  if (value === undefined) return { $undefined: true };
  if (typeof value === "number" && !Number.isFinite(value)) return { $number: String(value) };
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return { $octets: Buffer.from(value).toString("base64") };
  if (value instanceof Map) return { $map: Array.from(value, (pair) => pair.map(tagged)) };
  if (value instanceof Set) return { $set: Array.from(value, tagged) };
  if (Array.isArray(value)) return value.map(tagged);
  const members = Object.entries(value).filter(([, it]) => typeof it !== "function");
  const plain = members.map(([name, it]) => [name, tagged(it)] as const);
  if (plain.some(([name]) => name.startsWith("$"))) return { $object: plain };
  return Object.fromEntries(plain);
}

/** The value that `tagged` has made JSON of. */
export function untagged(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(untagged);
  const [first] = Object.keys(value);
  if (first?.startsWith("$")) return ofTag(first, (value as Record<string, unknown>)[first]);
  return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, untagged(it)]));
}

function ofTag(tag: string, inside: unknown): unknown {
  switch (tag) {
    case "$bigint":
      return BigInt(String(inside));
    case "$number":
      return Number(inside);
    case "$undefined":
      return undefined;
    case "$octets":
      return new Uint8Array(Buffer.from(String(inside), "base64"));
    case "$map":
      return new Map(pairsOf(inside));
    case "$set":
      return new Set((inside as unknown[]).map(untagged));
    case "$object":
      return Object.fromEntries(pairsOf(inside));
    default:
      throw new RangeError(`Cannot read value as its tag must be known: current value is ${tag}`);
  }
}

function pairsOf(inside: unknown): [string, unknown][] {
  return (inside as [unknown, unknown][]).map((pair) => pair.map(untagged) as [string, unknown]);
}
