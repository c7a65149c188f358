/**
 * Where text stops being JSON: what `JSON.parse` says differs from runtime to runtime, and some
 * runtimes read brackets by recursion.
 *
 * @module
 */
import { BRACKETS_MAX } from "./limits.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Octet of the first bracket that is too deep. */
export function tooDeepAt(octets: Uint8Array): number | undefined {
  let depth = 0;
  // Without escapes, a text ends at the next quote; most of a description is names.
  const isPlain = !octets.includes(BACKSLASH);
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at];
    if (octet === QUOTE) {
      at = isPlain ? octets.indexOf(QUOTE, at + 1) : behindText(octets, at);
      if (at < 0) return undefined;
    } else if (octet === 0x7b || octet === 0x5b) {
      depth++;
      if (depth > BRACKETS_MAX) return at;
    } else if (octet === 0x7d || octet === 0x5d) depth--;
  }
  return undefined;
}

/** The quote that ends the text that begins at `from`; -1 when there is none. */
function behindText(octets: Uint8Array, from: number): number {
  for (let at = from + 1; at < octets.length; at++) {
    if (octets[at] === QUOTE) return at;
    if (octets[at] === BACKSLASH) at++;
  }
  return -1;
}

const SPACE = /[ \t\n\r]*/y;
const VALUE = new RegExp(
  [
    String.raw`"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"`,
    String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?`,
    "true|false|null",
  ].join("|"),
  "y",
);

/** What may come next. */
type Expected = "value" | "key" | "first-key" | "first-value" | "colon" | "comma" | "end";

/** Character at which `text` is no longer the beginning of JSON; its length when it is cut. */
export function faultAt(text: string): number {
  const closers: string[] = [];
  let expected: Expected = "value";
  for (let at = 0; ; ) {
    at = behind(SPACE, text, at) as number;
    const character = text[at];
    if (character === undefined || expected === "end") return at;
    if (expected === "colon" || (expected === "comma" && character === ",")) {
      if (expected === "colon" && character !== ":") return at;
      expected = expected === "colon" || closers.at(-1) === "]" ? "value" : "key";
      at++;
    } else if (character === closers.at(-1) && expected !== "value" && expected !== "key") {
      closers.pop();
      at++;
      expected = closers.length === 0 ? "end" : "comma";
    } else if (expected === "comma") {
      return at;
    } else if (expected === "key" || expected === "first-key") {
      const next = character === '"' ? behind(VALUE, text, at) : undefined;
      if (next === undefined) return at;
      at = next;
      expected = "colon";
    } else if (character === "{" || character === "[") {
      closers.push(character === "{" ? "}" : "]");
      expected = character === "{" ? "first-key" : "first-value";
      at++;
    } else {
      const next = behind(VALUE, text, at);
      if (next === undefined) return at;
      at = next;
      expected = closers.length === 0 ? "end" : "comma";
    }
  }
}

function behind(token: RegExp, text: string, at: number): number | undefined {
  token.lastIndex = at;
  return token.test(text) ? token.lastIndex : undefined;
}
