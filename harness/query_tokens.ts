/**
 * The words and signs of a query, each with its place, and what is said of those that are wrong.
 *
 * @module
 */

/** Texts that are no questions. One line. */
export class QueryError extends Error {
  override readonly name = "QueryError";

  /** `letter`: where in the text it is, counted from 1. */
  constructor(message: string, letter: number) {
    super(`${message} (at letter ${letter})`);
  }
}

export interface Token {
  /** A sign of the grammar; undefined for a name or a value. */
  readonly sign?: string;
  readonly text: string;
  /** Where it begins in the text. */
  readonly at: number;
}

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|(!=|<=|>=|[&|!()=<>,~])|([^\s&|!()=<>,~"]+))/uy;
const WORDS: Readonly<Record<string, string>> = { and: "&", or: "|", not: "!" };

/** The tokens of `text`. Throws {@linkcode QueryError} for a quote that does not end. */
export function* tokensOf(text: string): Generator<Token> {
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  for (let from = 0; from < end; from = TOKEN.lastIndex) {
    TOKEN.lastIndex = from;
    const found = TOKEN.exec(text);
    if (found === null) {
      const at = text.indexOf('"', from);
      throw new QueryError(`Cannot read query ${text} as a quote must end`, letterOf(text, at));
    }
    const [all, quoted, sign, word] = found;
    const at = TOKEN.lastIndex - all.trimStart().length;
    if (quoted !== undefined) yield { text: quoted.replace(/\\(.)/gu, "$1"), at };
    else if (sign !== undefined) yield { sign, text: sign, at };
    else if (word !== undefined) yield { ...signOf(word), text: word, at };
  }
}

/** Which letter of `text` is at `at`, as people count. */
export function letterOf(text: string, at: number): number {
  return [...text.slice(0, at)].length + 1;
}

function signOf(word: string): { readonly sign?: string } {
  const sign = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
  return sign === undefined ? {} : { sign };
}
