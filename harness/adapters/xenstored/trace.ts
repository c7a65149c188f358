/**
 * Messages between a client and its daemon in words, for the transcript of a replayed cell.
 *
 * @module
 */
import { TYPE } from "../../../src/xenstore/mod.ts";
import type { Message } from "./message.ts";

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(TYPE).map(([name, type]) => [type, name]),
);
/** Characters of a body that are told. */
const TEXT_MAX = 100;

export class Trace {
  readonly #client: string;
  readonly #hear: ((message: string) => void) | undefined;

  /** `hear` gets each message in one line, if somebody wants to know. */
  constructor(client: string, hear?: (message: string) => void) {
    this.#client = client;
    this.#hear = hear;
  }

  asks(kind: string, body: string, txid: number): void {
    const where = txid === 0 ? "" : ` in transaction ${txid}`;
    this.#hear?.(`${this.#client} > ${kind}${where} ${textOf(body)}`);
  }

  /** Octets that need not be whole messages. */
  sends(octets: string): void {
    this.#hear?.(`${this.#client} > ${octets.length} octets ${textOf(octets)}`);
  }

  came({ type, body }: Message): void {
    this.#hear?.(`${this.#client} < ${NAMES.get(type) ?? type} ${textOf(body)}`);
  }
}

/** Octets that a reader can see, in one line, each NUL as a bar. */
function textOf(octets: string): string {
  const seen = octets
    .slice(0, TEXT_MAX)
    .replaceAll("\0", "|")
    .replace(/[^ -~]/g, (octet) => `\\x${octet.charCodeAt(0).toString(16).padStart(2, "0")}`);
  const rest = octets.length - TEXT_MAX;
  return rest > 0 ? `${seen}... and ${rest} octets` : seen;
}
