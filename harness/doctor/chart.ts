/**
 * What a doctor writes down: findings, each once, and what could not be looked at.
 *
 * @module
 */
import { type Code, FINDINGS, type Severity } from "./findings_table.ts";

export interface Finding {
  readonly code: Code;
  readonly severity: Severity;
  /** What was seen, in one line. */
  readonly what: string;
  /** What to change, in one line. */
  readonly change: string;
}

/** The examination of a process cannot go on; what there is to say has been said. */
export class Gone extends Error {
  override readonly name = "Gone";
}

export class Chart {
  readonly #findings = new Map<string, Finding>();
  readonly #notes = new Set<string>();
  /** Methods that end or hang the process; they are not asked again. */
  readonly #fatal = new Set<string>();
  /** Places in what observe tells that change, and have been told of. */
  readonly moving: string[] = [];
  /** Nothing more can be learnt. */
  isClosed = false;

  /** Writes a finding down, unless there is one of its kind. */
  find(code: Code, what: string): void {
    if (this.#findings.has(code)) return;
    const { severity, change } = FINDINGS[code];
    this.#findings.set(code, { code, severity, what: oneLine(what), change });
  }

  has(code: Code): boolean {
    return this.#findings.has(code);
  }

  /** Something that was not looked at, and why. */
  note(text: string): void {
    this.#notes.add(oneLine(text));
  }

  shun(method: string): void {
    this.#fatal.add(method);
  }

  /** Throws {@linkcode Gone} when `method` is not to be asked. */
  demandAskable(method: string): void {
    if (this.isClosed || this.#fatal.has(method)) throw new Gone();
  }

  /** Defects first, each kind in the order in which it was found. */
  get findings(): readonly Finding[] {
    const all = [...this.#findings.values()];
    return [...all.filter(isDefect), ...all.filter((finding) => !isDefect(finding))];
  }

  get notes(): readonly string[] {
    return [...this.#notes];
  }
}

export function isDefect({ severity }: Pick<Finding, "severity">): boolean {
  return severity === "defect";
}

/** Characters of a text of the adapter that are shown. */
const SHOWN_MAX = 120;

/** A text of the adapter, safe to be shown in a line. */
export function shown(text: string): string {
  const short = text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
  return JSON.stringify(short);
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
}
