/**
 * The lines of oxenstored's text dump. A line that cannot be read is kept with the reason, as
 * oxenstored goes on behind it; only what is no dump at all is an error.
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";
import { DUMP_IDENT, type Dump, type DumpLine } from "./dump.ts";
import { StreamError } from "./error.ts";
import { RECORDS_MAX, STREAM_SIZE_MAX } from "./layout.ts";
import { permOf } from "./node.ts";
import type { Perm } from "./record.ts";

const LINE_FEED = 10;
const COMMA = 44;
/** A line has at most 5 fields; what is behind more commas is no concern of a reader. */
const FIELDS_MAX = 8;
const DOMID_MAX = 0xffff;

/** Values of hexadecimal digits; 16 stands for a capital one plus its value, 255 for none. */
const DIGITS = digits();

/**
 * Why a line is ignored. It is no `Error`, since each of millions of lines may have one and making
 * errors is slow; none leaves this file.
 */
class LineFault {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Whether octets begin like a dump. */
export function isDump(octets: Uint8Array): boolean {
  for (let at = 0; at < DUMP_IDENT.length; at++) {
    if (octets[at] !== DUMP_IDENT.charCodeAt(at)) return false;
  }
  const end = octets[DUMP_IDENT.length];
  return end === undefined || end === LINE_FEED;
}

/** Reads a dump; values are new octets. */
export function readDump(octets: Uint8Array): Dump {
  if (octets.length > STREAM_SIZE_MAX) {
    throw new StreamError(`must have at most ${STREAM_SIZE_MAX} octets`, 0, "dump");
  }
  if (!isDump(octets)) throw new StreamError(`must be "${DUMP_IDENT}"`, 0, "first line");
  const view = new OctetView(octets, true);
  const lines: DumpLine[] = [];
  let at = DUMP_IDENT.length + 1;
  while (at < octets.length) {
    if (lines.length >= RECORDS_MAX) {
      throw new StreamError(`must be at most ${RECORDS_MAX}`, at, "number of lines");
    }
    const feed = octets.indexOf(LINE_FEED, at);
    const end = feed < 0 ? octets.length : feed;
    lines.push(lineOf(view, at, end));
    at = end + 1;
  }
  return { lines, isWhole: octets.at(-1) === LINE_FEED };
}

function lineOf(view: OctetView, at: number, end: number): DumpLine {
  const line = new LineReader(view, at, end);
  try {
    const read = line.read();
    return line.isUsual ? read : { ...read, text: view.text(at, end) };
  } catch (fault) {
    if (!(fault instanceof LineFault)) throw fault;
    return line.ignored(fault.reason);
  }
}

class LineReader {
  /** The line is as oxenstored writes it, so that it can be written again from its fields. */
  isUsual = true;
  readonly #view: OctetView;
  readonly #offset: number;
  readonly #end: number;
  /** Begin of each field, and one more behind the end. */
  readonly #starts: number[];

  constructor(view: OctetView, at: number, end: number) {
    this.#view = view;
    this.#offset = at;
    this.#end = end;
    this.#starts = [at];
    const { octets } = view;
    for (let index = at; index < end && this.#starts.length <= FIELDS_MAX; index++) {
      if (octets[index] === COMMA) this.#starts.push(index + 1);
    }
    this.#starts.push(end + 1);
  }

  read(): DumpLine {
    const offset = this.#offset;
    const kind = this.#text(0);
    switch (kind) {
      case "global":
        this.#demandFields(2, FIELDS_MAX);
        if (this.#count > 2) this.isUsual = false;
        return { kind, fd: this.#number(1, -1), offset };
      case "evtchn-dev":
        this.#demandFields(3);
        return { kind, fd: this.#number(1), port: this.#number(2), offset };
      case "dom": {
        this.#demandFields(4, 5);
        const domid = this.#number(1, 0, DOMID_MAX);
        const line = { kind, domid, mfn: this.#number(2), remotePort: this.#number(3) } as const;
        if (this.#count === 4) return { ...line, offset };
        return { ...line, localPort: this.#number(4), offset };
      }
      case "socket":
        this.#demandFields(2);
        return { kind, fd: this.#number(1), offset };
      case "watch": {
        this.#demandFields(4);
        const owner = this.#number(1, Number.MIN_SAFE_INTEGER);
        return { kind, owner, path: this.#hexText(2), token: this.#hexText(3), offset };
      }
      case "store": {
        this.#demandFields(4);
        const perms = this.#perms(2);
        return { kind, path: this.#hexText(1), perms, value: this.#hex(3), offset };
      }
      default:
        // Thrown, it would make floods of such lines several times as slow.
        return this.ignored("the first field is none that is known");
    }
  }

  /** The line as one that oxenstored ignores. */
  ignored(reason: string): DumpLine {
    const text = this.#view.text(this.#offset, this.#end);
    return { kind: "ignored", reason, text, offset: this.#offset };
  }

  get #count(): number {
    return this.#starts.length - 1;
  }

  #demandFields(least: number, most = least): void {
    if (this.#count >= least && this.#count <= most) return;
    throw new LineFault(`must have ${least} fields: current number is ${this.#count}`);
  }

  #bounds(field: number): [number, number] {
    return [this.#starts[field] as number, (this.#starts[field + 1] as number) - 1];
  }

  #text(field: number): string {
    const [from, to] = this.#bounds(field);
    return this.#view.text(from, Math.min(to, from + 32));
  }

  #number(field: number, min = 0, max = Number.MAX_SAFE_INTEGER): number {
    const text = this.#text(field);
    const value = Number(text);
    if (/^(?:0|-?[1-9]\d*)$/.test(text) && value >= min && value <= max) return value;
    throw new LineFault(`field ${field + 1} must be a number from ${min} to ${max}`);
  }

  #hex(field: number): Uint8Array {
    const [from, to] = this.#bounds(field);
    if ((to - from) % 2 !== 0) {
      throw new LineFault(`field ${field + 1} must be pairs of hexadecimal digits`);
    }
    const { octets } = this.#view;
    const held = new Uint8Array((to - from) / 2);
    for (let index = 0, at = from; at < to; index++, at += 2) {
      const high = DIGITS[octets[at] as number] as number;
      const low = DIGITS[octets[at + 1] as number] as number;
      if (high === 255 || low === 255) {
        throw new LineFault(`field ${field + 1} must be pairs of hexadecimal digits`);
      }
      // A capital digit has bit 4 set.
      if (((high | low) & 16) !== 0) this.isUsual = false;
      held[index] = ((high & 15) << 4) | (low & 15);
    }
    return held;
  }

  #hexText(field: number): string {
    const octets = this.#hex(field);
    return new OctetView(octets, true).text(0, octets.length);
  }

  /** Permissions are texts such as `n5`, with a NUL between them. */
  #perms(field: number): Perm[] {
    return this.#hexText(field)
      .split("\0")
      .map((text) => {
        const domid = Number(text.slice(1));
        if (/^[nrwb](?:0|[1-9]\d{0,4})$/.test(text) && domid <= DOMID_MAX) {
          return permOf(text.charCodeAt(0), 0, domid);
        }
        throw new LineFault(`field ${field + 1} must be permissions such as n5`);
      });
  }
}

function digits(): Uint8Array {
  const values = new Uint8Array(256).fill(255);
  for (let value = 0; value < 16; value++) {
    const digit = value.toString(16);
    values[digit.toUpperCase().charCodeAt(0)] = value | 16;
    values[digit.charCodeAt(0)] = value;
  }
  return values;
}
