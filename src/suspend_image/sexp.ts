/**
 * S-expressions as OCaml's sexplib writes and reads them: atoms, quoted atoms, lists. Comments to
 * the end of their line are read over; those of other kinds, which no writer makes, are refused.
 *
 * @module
 */
import { SuspendImageError } from "./error.ts";
import { SEXP_DEPTH_MAX } from "./limits.ts";

/** An atom, or a list. */
export type Sexp = string | readonly Sexp[];

/** Escapes of one letter in a quoted atom. */
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  b: "\b",
  r: "\r",
  " ": " ",
  "'": "'",
  '"': '"',
  "\\": "\\",
};

/** Whether an atom cannot stand without quotes. */
const NEEDS_QUOTES = /^$|[\s"();\\]|#\||\|#|[^\x21-\x7e]/;

/** Reads the one s-expression of `text`; `base` is its offset in the image. */
export function readSexp(text: string, path: string, base: number): Sexp {
  return new SexpReader(text, path, base).read();
}

/** Writes without white space where none is needed, as sexplib does for machines. */
export function writeSexp(sexp: Sexp): string {
  if (typeof sexp === "string") return atomText(sexp);
  let text = "(";
  let follows = false;
  for (const part of sexp) {
    const isAtom = typeof part === "string";
    text += (isAtom && follows ? " " : "") + writeSexp(part);
    follows = isAtom;
  }
  return `${text})`;
}

function atomText(atom: string): string {
  if (!NEEDS_QUOTES.test(atom)) return atom;
  const escaped = atom.replace(/["\\\n\t\b\r]|[^\x20-\x7e]/g, (character) => {
    const letter = { "\n": "n", "\t": "t", "\b": "b", "\r": "r" }[character];
    if (letter !== undefined) return `\\${letter}`;
    if (character === '"' || character === "\\") return `\\${character}`;
    return `\\${character.charCodeAt(0).toString().padStart(3, "0")}`;
  });
  return `"${escaped}"`;
}

/** Every character of the text is one octet. */
class SexpReader {
  readonly #text: string;
  readonly #path: string;
  readonly #base: number;
  #at = 0;

  constructor(text: string, path: string, base: number) {
    this.#text = text;
    this.#path = path;
    this.#base = base;
  }

  read(): Sexp {
    const open: Sexp[][] = [];
    let whole: Sexp | undefined;
    const put = (sexp: Sexp) => {
      const list = open.at(-1);
      if (list === undefined) whole = sexp;
      else list.push(sexp);
    };
    for (;;) {
      this.#skip();
      if (whole !== undefined && open.length === 0) break;
      const character = this.#text[this.#at];
      if (character === undefined) {
        throw this.#error(open.length > 0 ? "a list must be closed" : "must have an s-expression");
      }
      if (character === "(") {
        if (open.length === SEXP_DEPTH_MAX) {
          throw this.#error(`lists must be at most ${SEXP_DEPTH_MAX} deep`);
        }
        open.push([]);
        this.#at++;
      } else if (character === ")") {
        const list = open.pop();
        if (list === undefined) throw this.#error("a list must be opened before it is closed");
        this.#at++;
        put(list);
      } else put(character === '"' ? this.#quoted() : this.#bare());
    }
    if (this.#at < this.#text.length) throw this.#error("must be one s-expression: more follows");
    return whole;
  }

  /** Passes white space and comments. */
  #skip(): void {
    // A pattern with a repeated group fills the stack of the runtime where there is much to skip.
    for (; ; this.#at++) {
      const character = this.#text[this.#at];
      if (character === ";") {
        const end = this.#text.indexOf("\n", this.#at);
        this.#at = end === -1 ? this.#text.length - 1 : end;
      }
      if (character === undefined || !" \t\n\f\r;".includes(character)) return;
    }
  }

  #bare(): string {
    const atom = /[^\s"();]+/y;
    atom.lastIndex = this.#at;
    const [found] = atom.exec(this.#text) ?? [];
    if (found === undefined) throw this.#error("must be an atom or a list");
    const isComment = found.endsWith("#") && this.#text[atom.lastIndex] === ";";
    if (isComment || /#\||\|#/.test(found)) throw this.#error("a comment must end with its line");
    this.#at = atom.lastIndex;
    return found;
  }

  #quoted(): string {
    const start = this.#at++;
    let atom = "";
    for (;;) {
      const plain = /[^"\\]*/y;
      plain.lastIndex = this.#at;
      atom += plain.exec(this.#text)?.[0] ?? "";
      this.#at = plain.lastIndex;
      const end = this.#text[this.#at];
      if (end === undefined) throw this.#error("a quoted atom must be closed", start);
      this.#at++;
      if (end === '"') return atom;
      atom += this.#escaped();
    }
  }

  #escaped(): string {
    const escaped = /(\d{3})|x([0-9a-fA-F]{2})|\r?\n[ \t]*|[ntbr'"\\ ]/y;
    escaped.lastIndex = this.#at;
    const [found, decimal, hex] = escaped.exec(this.#text) ?? [];
    if (found === undefined || Number(decimal) > 255) {
      throw this.#error("an escape must be one of sexplib", this.#at - 1);
    }
    this.#at = escaped.lastIndex;
    if (decimal !== undefined) return String.fromCharCode(Number(decimal));
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    // What begins with the end of a line stands for nothing.
    return ESCAPES[found] ?? "";
  }

  #error(reason: string, at = this.#at): SuspendImageError {
    return new SuspendImageError(reason, this.#base + at, this.#path);
  }
}
