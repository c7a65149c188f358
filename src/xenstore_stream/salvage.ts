/**
 * The records of a stream whose lengths are wrong, or that is cut: a record ends where its `len`
 * says, or where its own fields say when no record follows there.
 *
 * Octets are never searched for something that looks like a record. A guest chooses values, and a
 * value may look like anything; so where neither way leads to a record, the stream is taken to end.
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";
import { demandConsistent } from "./consistent.ts";
import { StreamError } from "./error.ts";
import { type Frame, nameOfType } from "./frame.ts";
import {
  aligned,
  HEADER_SIZE,
  RECORD_HEADER_SIZE,
  RECORDS_MAX,
  type Shape,
  type WatchHead,
} from "./layout.ts";
import type { Change, Ledger } from "./ledger.ts";
import { naturalSize } from "./natural_size.ts";
import { RECORD_TYPES, type StreamRecord } from "./record.ts";
import { RecordReader } from "./record_reader.ts";

/** A record, and how it stands in the stream that was read. */
export interface Salvaged {
  readonly record: StreamRecord;
  readonly len: number;
  /** Of an extended watch. */
  readonly head: WatchHead;
}

const HEADS: readonly WatchHead[] = [12, 8, 10];

/** Reads what can be read of `octets`, up to END, and notes what cannot. */
export function salvage(octets: Uint8Array, shape: Shape, ledger: Ledger): readonly Salvaged[] {
  return new Salvager(octets, shape, ledger).run();
}

/** A frame that leads on, and the form in which its body is read. */
interface Way {
  readonly frame: Frame;
  readonly head: WatchHead;
}

/** What is said of octets behind END. */
export function afterEnd(from: number, to: number): Change {
  const text = `${to - from} octets after END, which is the final record`;
  return { offset: from, section: "END", action: "dropped", text };
}

class Salvager {
  readonly #view: OctetView;
  readonly #shape: Shape;
  readonly #ledger: Ledger;
  readonly #size: number;
  readonly #readers: ReadonlyMap<WatchHead, RecordReader>;

  constructor(octets: Uint8Array, shape: Shape, ledger: Ledger) {
    this.#view = new OctetView(octets, shape.order === "little");
    this.#shape = shape;
    this.#ledger = ledger;
    this.#size = octets.length;
    this.#readers = new Map(
      HEADS.map((watchHead) => [watchHead, new RecordReader(this.#view, { ...shape, watchHead })]),
    );
  }

  run(): readonly Salvaged[] {
    const found: Salvaged[] = [];
    let at = HEADER_SIZE;
    while (at < this.#size) {
      if (found.length >= RECORDS_MAX) {
        throw new StreamError(`must be at most ${RECORDS_MAX}`, at, "number of records");
      }
      const way = this.#wayFrom(at);
      if (way === undefined) {
        this.#lose(at);
        break;
      }
      const len = this.#view.u32(at + 4);
      this.#padding(way);
      try {
        const record = this.#read(way);
        found.push({ record, len, head: way.head });
        if (record.kind === "END") {
          this.#end(way.frame.next);
          break;
        }
      } catch (error) {
        if (!(error instanceof StreamError)) throw error;
        this.#drop(at, way.frame.type, error);
      }
      at = way.frame.next;
    }
    return found;
  }

  /** How the record at `at` leads on to the next one. */
  #wayFrom(at: number): Way | undefined {
    if (at + RECORD_HEADER_SIZE > this.#size) return undefined;
    const ways = this.#heads(at).map((head) => this.#wayWith(at, head));
    // Of the forms of an extended watch that lead on, one that can be read is it.
    return ways.find((way) => way !== undefined && this.#isReadable(way)) ?? ways[0];
  }

  #wayWith(at: number, head: WatchHead): Way | undefined {
    const { type, body, len, natural } = this.#measure(at, head);
    const to = (next: number, counted: number): Way => {
      return { frame: { type, body, len: counted, next }, head };
    };
    const declared = body + (this.#shape.lengths === "packed" ? len : aligned(len));
    const isKnown = this.#isKnown(type);
    if (natural === undefined) {
      const leads = declared <= this.#size && (!isKnown || this.#isRecord(declared));
      return leads ? to(declared, len) : undefined;
    }
    if (body + natural > this.#size) return undefined;
    const own = body + aligned(natural);
    if (len === natural || len === aligned(natural) || this.#is422(type, head, len, natural)) {
      const next = this.#shape.lengths === "packed" && len === natural ? body + natural : own;
      if (next !== own || own >= this.#size || this.#isRecord(own)) {
        return to(Math.min(next, this.#size), natural);
      }
      return to(this.#isRecord(body + natural) ? body + natural : own, natural);
    }
    // What `len` has beyond the fields are records of their own, or nothing that is known.
    const leads = natural < len && declared <= this.#size && this.#isRecord(declared, true);
    if (leads && !this.#isChain(own, declared)) return to(declared, natural);
    if (this.#isRecord(own)) return to(own, natural);
    return this.#isRecord(body + natural) ? to(body + natural, natural) : undefined;
  }

  /** 4.22 counts a head of 12 octets and writes 8. */
  #is422(type: number, head: WatchHead, len: number, natural: number): boolean {
    if (type !== RECORD_TYPES.WATCH_DATA_EXTENDED || head !== 8) return false;
    return len === aligned(natural + 4) || len === natural + 4;
  }

  /** Whether records that are whole and known stand in `from..to`, one after the other. */
  #isChain(from: number, to: number): boolean {
    let at = from;
    while (at < to) {
      if (at + RECORD_HEADER_SIZE > to || !this.#isRecord(at)) return false;
      const { type, body, len, natural } = this.#measure(at, this.#shape.watchHead);
      if (type === RECORD_TYPES.END) return body === this.#size;
      if (natural === undefined) return false;
      if (len !== natural && len !== aligned(natural)) return false;
      at = body + aligned(natural);
    }
    return at === to;
  }

  /**
   * Whether a known record begins at `at` that can be read, and whose `len` fits if that is asked
   * for; the end of the stream is as good.
   */
  #isRecord(at: number, mustFit = false): boolean {
    if (at === this.#size) return true;
    if (at + RECORD_HEADER_SIZE > this.#size) return false;
    const { type, len } = this.#measure(at, this.#shape.watchHead);
    if (type === RECORD_TYPES.END) {
      // Eight zeros stand in many bodies; those at the end of the stream are END.
      return len === 0 && (!mustFit || at + RECORD_HEADER_SIZE === this.#size);
    }
    if (!this.#isKnown(type)) return false;
    return this.#heads(at).some((head) => {
      const { body, natural } = this.#measure(at, head);
      if (natural === undefined || body + natural > this.#size) return false;
      const fits =
        len === natural || len === aligned(natural) || this.#is422(type, head, len, natural);
      if (mustFit && !fits) return false;
      const next = Math.min(body + aligned(natural), this.#size);
      return this.#isReadable({ frame: { type, body, len: natural, next }, head });
    });
  }

  #isKnown(type: number): boolean {
    const last = this.#shape.layout === "draft" ? "NODE_DATA" : "WATCH_DATA_EXTENDED";
    return type <= RECORD_TYPES[last];
  }

  /** Forms that the record at `at` may have. */
  #heads(at: number): readonly WatchHead[] {
    const own = this.#shape.watchHead;
    if (this.#view.u32(at) !== RECORD_TYPES.WATCH_DATA_EXTENDED) return [own];
    return [own, ...HEADS.filter((head) => head !== own)];
  }

  #measure(at: number, watchHead: WatchHead) {
    const type = this.#view.u32(at);
    const len = this.#view.u32(at + 4);
    const body = at + RECORD_HEADER_SIZE;
    const natural = naturalSize(this.#view, { type, body, len }, { ...this.#shape, watchHead });
    return { type, body, len, natural };
  }

  #isReadable(way: Way): boolean {
    try {
      demandConsistent(this.#view.octets, this.#read(way), way.head);
      return true;
    } catch (error) {
      if (error instanceof StreamError) return false;
      throw error;
    }
  }

  #read({ frame, head }: Way): StreamRecord {
    return (this.#readers.get(head) as RecordReader).read(frame);
  }

  #padding({ frame: { type, body, len, next } }: Way): void {
    if (next >= body + aligned(len) || this.#shape.lengths === "packed") return;
    const text = `padding of ${aligned(len) - len} octets follows ${nameOfType(type)}`;
    const offset = body - RECORD_HEADER_SIZE;
    this.#ledger.add({ offset, section: "Records", action: "changed", text });
  }

  #end(next: number): void {
    if (next < this.#size) this.#ledger.add(afterEnd(next, this.#size));
  }

  #lose(at: number): void {
    const rest = this.#size - at;
    const type = rest < RECORD_HEADER_SIZE ? undefined : this.#view.u32(at);
    const what = type === undefined ? "the header of a record" : `a ${nameOfType(type)}`;
    this.#ledger.add({
      offset: at,
      section: "Records",
      action: "dropped",
      text: `the last ${rest} octets: they begin ${what} that is not whole`,
      lost: `whatever was in ${what} at offset ${at}, and all behind it`,
    });
  }

  #drop(at: number, type: number, { path, offset, reason }: StreamError): void {
    const name = nameOfType(type);
    this.#ledger.add({
      offset: at,
      section: name in RECORD_TYPES ? name : "Records",
      action: "dropped",
      text: `${name}: ${path} at offset ${offset} ${reason}`,
      lost: `what was in it`,
    });
  }
}
