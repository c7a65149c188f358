/**
 * Tables that hold each value once and number it, for the data block of the HTML page.
 *
 * @module
 */
import { Entries } from "./html_entries.ts";

/** Numbers entries in the order in which their keys are first seen. */
export class Dictionary<T> {
  readonly #numbers = new Map<string, number>();
  readonly #entries: T[] = [];

  get entries(): readonly T[] {
    return this.#entries;
  }

  /** Number of `entry`, which is added when `key` is new. */
  number(key: string, entry: T): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#entries.length;
    this.#numbers.set(key, number);
    this.#entries.push(entry);
    return number;
  }
}

/**
 * Identifiers, addresses and counts in a text. Reasons differ mostly by these, so a text is kept
 * as a template and its numbers; texts of one template are one finding for a reader.
 */
const NUMBER = /([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|0x[0-9a-f]+|[0-9]+)/;

/** Numbers of texts kept at hand, as the same few keep coming. */
const RECENT_MAX = 1024;

/** Texts, by template and number. */
export class TextTable {
  readonly #templates = new Dictionary<readonly string[]>();
  readonly #recent = new Map<string, number>();
  /** A template and the numbers of a text. */
  readonly texts = new Entries();

  get templates(): readonly (readonly string[])[] {
    return this.#templates.entries;
  }

  /** Number of `text`, or -1 when there is none. */
  number(text: string | undefined): number {
    if (text === undefined) return -1;
    const recent = this.#recent.get(text);
    if (recent !== undefined) return recent;
    const parts = text.split(NUMBER);
    const pieces = parts.filter((_, index) => index % 2 === 0);
    const numbers = parts.filter((_, index) => index % 2 === 1);
    const template = this.#templates.number(JSON.stringify(pieces), pieces);
    const number = this.texts.number(JSON.stringify([template, ...numbers]));
    if (this.#recent.size >= RECENT_MAX) this.#recent.clear();
    this.#recent.set(text, number);
    return number;
  }
}
