/**
 * JSON text into values, without loss: whole numbers of 64 bits, keys in order and more than once.
 *
 * Strict: what RFC 8259 allows and nothing else; whole numbers have 64 bits, texts have no half
 * characters. Bounded in length, depth and number of values.
 *
 * @module
 */
import { JsonError } from "./json_error.ts";
import { BODY_LENGTH_MAX, DEPTH_MAX, VALUES_MAX } from "./limits.ts";
import { INT64_MAX, INT64_MIN, RpcDict, type RpcEntry, type RpcValue } from "./rpc.ts";

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
/** Characters below the space, which no text may have as they are. */
const CONTROL = /[^ -\uffff]/;
/** Characters of a whole number of 64 bits. */
const DIGITS_MAX = 20;
/** Characters that a message shows. */
const SHOWN_MAX = 20;

/** The value of a whole text. */
export function readJson(text: string): RpcValue {
  if (text.length > BODY_LENGTH_MAX) {
    throw new JsonError(`at most ${BODY_LENGTH_MAX} characters`, 0, `${text.length}`);
  }
  return new JsonReader(text).whole();
}

class JsonReader {
  readonly #text: string;
  #at = 0;
  #values = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): RpcValue {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) throw this.#fault("the end");
    return value;
  }

  #value(depth: number): RpcValue {
    this.#space();
    this.#values++;
    if (this.#values > VALUES_MAX) throw this.#fault(`at most ${VALUES_MAX} values`);
    switch (this.#text[this.#at]) {
      case "{":
        return this.#dict(depth + 1);
      case "[":
        return this.#list(depth + 1);
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  #dict(depth: number): RpcDict {
    const entries: RpcEntry[] = [];
    this.#open(depth);
    while (!this.#ends("}", entries.length)) {
      this.#space();
      const key = this.#string();
      this.#space();
      this.#take(":");
      entries.push([key, this.#value(depth)]);
    }
    return new RpcDict(entries);
  }

  #list(depth: number): RpcValue[] {
    const items: RpcValue[] = [];
    this.#open(depth);
    while (!this.#ends("]", items.length)) items.push(this.#value(depth));
    return items;
  }

  #open(depth: number): void {
    if (depth > DEPTH_MAX) throw this.#fault(`at most ${DEPTH_MAX} brackets inside each other`);
    this.#at++;
  }

  /** Takes the closing bracket, or the comma before the next item. */
  #ends(closer: string, length: number): boolean {
    this.#space();
    if (this.#text[this.#at] === closer) {
      this.#at++;
      return true;
    }
    if (length > 0) this.#take(",", `"," or "${closer}"`);
    return false;
  }

  #take(character: string, what = `"${character}"`): void {
    if (this.#text[this.#at] !== character) throw this.#fault(what);
    this.#at++;
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#fault("a value");
    this.#at += word.length;
    return value;
  }

  #string(): string {
    const end = this.#text[this.#at] === '"' ? closingQuote(this.#text, this.#at) : -1;
    const inner = this.#text.slice(this.#at + 1, Math.max(end, 0));
    const value = inner.includes("\\") ? unescaped(`"${inner}"`) : inner;
    if (end < 0 || value === undefined || CONTROL.test(inner)) throw this.#fault("a text");
    if (!value.isWellFormed()) throw this.#fault("a text of whole characters");
    this.#at = end + 1;
    return value;
  }

  #number(): bigint | number {
    NUMBER.lastIndex = this.#at;
    const found = NUMBER.exec(this.#text);
    if (found === null) throw this.#fault("a value");
    const [literal, fraction, exponent] = found;
    const value =
      fraction === undefined && exponent === undefined ? whole(literal) : Number(literal);
    if (value === undefined) throw this.#fault("a whole number of 64 bits");
    if (value === Infinity || value === -Infinity) throw this.#fault("a finite number");
    this.#at = NUMBER.lastIndex;
    return value;
  }

  #space(): void {
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #fault(requirement: string): JsonError {
    const shown = this.#text.slice(this.#at, this.#at + SHOWN_MAX);
    return new JsonError(requirement, this.#at, shown === "" ? "the end" : JSON.stringify(shown));
  }
}

function whole(literal: string): bigint | undefined {
  if (literal.length > DIGITS_MAX) return undefined;
  const value = BigInt(literal);
  return value < INT64_MIN || value > INT64_MAX ? undefined : value;
}

/** The quote that ends the text which begins at `from`; -1 when there is none. */
function closingQuote(text: string, from: number): number {
  let end = text.indexOf('"', from + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

/** An odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === "\\") first--;
  return (at - first) % 2 === 1;
}

function unescaped(literal: string): string | undefined {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return undefined;
  }
}
