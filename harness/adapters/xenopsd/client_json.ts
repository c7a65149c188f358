/**
 * JSON of the second client: whole numbers beyond 53 bits become `bigint`, others stay `number`.
 *
 * It knows nothing of the codecs of `src/xenops_interface`: two readings of the same facts.
 *
 * @module
 */

/** A text, or a number without point and exponent. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const MARK = "\u0001int:";

export type Json = null | boolean | string | number | bigint | Json[] | { [key: string]: Json };

export function parseJson(text: string): Json {
  const marked = text.replaceAll(TOKEN, (token) => {
    const isLarge = /^-?\d{16,}$/.test(token);
    return isLarge ? JSON.stringify(`${MARK}${token}`) : token;
  });
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === "string" && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value,
  ) as Json;
}

export function jsonText(value: Json): string {
  const marked = JSON.stringify(value, (_key, it: unknown) =>
    typeof it === "bigint" ? `${MARK}${it}` : it,
  );
  return marked.replaceAll(/"\\u0001int:(-?\d+)"/g, "$1");
}
