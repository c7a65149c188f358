/**
 * The little of XML that XML-RPC has: elements without attributes, texts with entities.
 *
 * Comments, instructions and the declaration are passed over; a document type is refused, so that
 * no entity can be made of others. Bounded in length.
 *
 * @module
 */
import { BODY_LENGTH_MAX } from "./limits.ts";

/** One line with place and reason. */
export class XmlError extends Error {
  /** Character at which the text is at fault. */
  readonly offset: number;

  constructor(requirement: string, offset: number, current: string) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(`Cannot read XML as ${requirement} at offset ${offset}: current value is ${current}`);
    Error.stackTraceLimit = limit;
    this.offset = offset;
  }
}

const TAG = /<(\/?)([A-Za-z][A-Za-z0-9.]*)\s*(\/?)>/y;
const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));|&/g;
const NAMED = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" } as const;
const SHOWN_MAX = 20;

export class XmlScanner {
  readonly #text: string;
  #at = 0;
  /** The element that the last tag has closed at once. */
  #closed: string | undefined;

  constructor(text: string) {
    if (text.length > BODY_LENGTH_MAX) {
      throw new XmlError(`at most ${BODY_LENGTH_MAX} characters`, 0, `${text.length}`);
    }
    this.#text = text;
  }

  get offset(): number {
    return this.#at;
  }

  /** The text up to the next tag, with its entities replaced. */
  text(): string {
    if (this.#closed !== undefined) return "";
    const from = this.#at;
    let text = "";
    for (;;) {
      const next = this.#text.indexOf("<", this.#at);
      const end = next < 0 ? this.#text.length : next;
      text += this.#text.slice(this.#at, end);
      this.#at = end;
      if (!this.#skipMarkup()) break;
    }
    return text.includes("&") ? this.#replaced(text, from) : text;
  }

  /** Whether the next tag opens an element; only spaces may stand before it. */
  opens(): boolean {
    if (this.#closed !== undefined) return false;
    this.#space();
    return this.#text[this.#at] === "<" && this.#text[this.#at + 1] !== "/";
  }

  /** Takes a tag that opens an element, `name` if given. */
  open(name?: string): string {
    this.#space();
    const [slash, found, empty] = this.#tag();
    if (slash !== "" || (name !== undefined && found !== name)) {
      throw this.fault(name === undefined ? "an element" : `<${name}>`);
    }
    this.#at = TAG.lastIndex;
    if (empty !== "") this.#closed = found;
    return found;
  }

  /** Takes the tag that closes the element `name`. */
  close(name: string): void {
    if (this.#closed !== undefined) {
      if (this.#closed !== name) throw this.fault(`</${name}>`);
      this.#closed = undefined;
      return;
    }
    this.#space();
    const [slash, found] = this.#tag();
    if (slash === "" || found !== name) throw this.fault(`</${name}>`);
    this.#at = TAG.lastIndex;
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) throw this.fault("the end");
  }

  fault(requirement: string): XmlError {
    const shown = this.#text.slice(this.#at, this.#at + SHOWN_MAX);
    return new XmlError(requirement, this.#at, shown === "" ? "the end" : JSON.stringify(shown));
  }

  #tag(): readonly [slash: string, name: string, empty: string] {
    TAG.lastIndex = this.#at;
    const found = TAG.exec(this.#text);
    if (found === null) throw this.fault("a tag");
    return [found[1] ?? "", found[2] ?? "", found[3] ?? ""];
  }

  #space(): void {
    const text = this.text();
    if (/[^ \t\r\n]/.test(text)) {
      this.#at -= text.length;
      throw this.fault("a tag");
    }
  }

  /** A comment or an instruction. */
  #skipMarkup(): boolean {
    for (const [opener, closer] of [
      ["<!--", "-->"],
      ["<?", "?>"],
    ] as const) {
      if (!this.#text.startsWith(opener, this.#at)) continue;
      const end = this.#text.indexOf(closer, this.#at + opener.length);
      if (end < 0) throw this.fault(closer);
      this.#at = end + closer.length;
      return true;
    }
    return false;
  }

  #replaced(text: string, from: number): string {
    return text.replaceAll(ENTITY, (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return NAMED[name as keyof typeof NAMED];
      const code = Number.parseInt(decimal ?? hex ?? "", decimal === undefined ? 16 : 10);
      const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
      if (!isCharacter) throw new XmlError("an entity", from, JSON.stringify(whole));
      return String.fromCodePoint(code);
    });
  }
}
