/**
 * Reads a stream as its octets come. RAM is not held unless it is asked for; what follows is,
 * since its description comes last.
 *
 * @module
 */
import { readCommand } from "./command.ts";
import { hasCapability, pageSizeOf, readConfiguration } from "./configuration.ts";
import { Cursor } from "./cursor.ts";
import { readDescription } from "./description_reader.ts";
import { CutError } from "./error.ts";
import type { KnownDescriptions } from "./known_descriptions.ts";
import { HELD_SIZE_MAX, PARTS_MAX, RAM_ITEMS_MAX } from "./limits.ts";
import { PackageReader } from "./package.ts";
import { Pending } from "./pending.ts";
import { PAGE_SIZE, type RamItem } from "./ram.ts";
import { RamReader } from "./ram_reader.ts";
import { type Head, readFooter, readHead, SECTION_TYPES } from "./section_frame.ts";
import {
  type Command,
  type Configuration,
  MAGIC,
  PARTS,
  RAM,
  type Section,
  type SectionType,
  type Stream,
  VERSION,
} from "./stream.ts";
import { Tail } from "./tail.ts";

/** A section that has begun. */
interface Open extends Head {
  readonly type: SectionType;
  readonly offset: number;
}

export interface ReadOptions {
  /** Items of RAM stay in the stream, and with them the octets they came in. */
  readonly keepsRam?: boolean;
  /** Octets held at once, but for RAM that stays. */
  readonly heldMax?: number;
  /** Descriptions of streams before, of which each is read once. */
  readonly known?: KnownDescriptions;
}

export class StreamReader {
  readonly #keepsRam: boolean;
  readonly #pending: Pending;
  readonly #known: KnownDescriptions | undefined;
  /** `first`: behind the head of the stream; `held`: what comes is kept until all is here. */
  #state: "head" | "first" | "parts" | "ram" | "held" | "end" = "head";
  #configuration: Configuration | undefined;
  readonly #parts: (Section | Command)[] = [];
  readonly #packages = new PackageReader(this.#parts);
  readonly #heads = new Map<number, Head>();
  #ram = new RamReader(PAGE_SIZE, false);
  /** The RAM section that is being read. */
  #open: Open | undefined;
  #items: RamItem[] = [];
  /** Items of RAM so far, of all sections. */
  #kept = 0;
  /** As the first section has it, so have all. */
  #hasFooter: boolean | undefined;
  #tail: Tail | undefined;
  /** Behind the last octet that need not be read again. */
  #mark = 0;

  constructor({ keepsRam = false, heldMax = HELD_SIZE_MAX, known }: ReadOptions = {}) {
    this.#keepsRam = keepsRam;
    this.#known = known;
    this.#pending = new Pending(heldMax);
  }

  /** Takes the next octets, which must not be changed afterwards. */
  push(octets: Uint8Array): void {
    this.#pending.push(octets);
    if (this.#state !== "held" && this.#pending.isDue) this.#run(false);
  }

  /** The whole stream, when all octets have come. */
  end(): Stream {
    this.#run(true);
    return {
      configuration: this.#configuration,
      parts: this.#parts,
      described: this.#tail?.described,
      ram: this.#ram.blocks,
      size: this.#pending.total,
    };
  }

  /** Reads what is there. What is cut waits for more, when there may be more. */
  #run(isAll: boolean): void {
    const { octets, base } = this.#pending.take();
    const cursor = new Cursor(octets, base);
    this.#mark = 0;
    try {
      while (this.#state !== "end") {
        if (this.#state === "held") {
          if (!isAll) break;
          this.#tail = this.#readTail(octets.subarray(cursor.at), cursor.offset);
          cursor.end = cursor.at + this.#tail.end;
          this.#state = "parts";
        }
        this.#step(cursor);
        this.#mark = cursor.at;
      }
    } catch (error) {
      if (isAll || !(error instanceof CutError)) throw error;
    }
    this.#pending.keep(this.#mark);
  }

  #readTail(octets: Uint8Array, base: number): Tail {
    const known = this.#known;
    if (known === undefined) return new Tail(octets, base, readDescription);
    return new Tail(octets, base, (text, offset) => known.read(text, offset));
  }

  #step(cursor: Cursor): void {
    if (this.#state === "head") this.#readStart(cursor);
    else if (this.#state === "ram") this.#readRam(cursor);
    else this.#readPart(cursor);
  }

  #readStart(cursor: Cursor): void {
    const magic = cursor.text(MAGIC.length, "magic");
    if (magic !== MAGIC) throw cursor.error(`must be "${MAGIC}"`, "magic", 0);
    const { at } = cursor;
    const version = cursor.u32("version");
    if (version !== VERSION) {
      throw cursor.error(`must be ${VERSION}: current value is ${version}`, "version", at);
    }
    this.#state = "first";
  }

  #readPart(cursor: Cursor): void {
    const { at, offset } = cursor;
    if (this.#state === "first" && cursor.peeked === PARTS.CONFIGURATION) {
      this.#readConfiguration(cursor);
      return;
    }
    this.#packages.pass(cursor, cursor.peeked === PARTS.EOF);
    const part = cursor.u8("section");
    const type = SECTION_TYPES[part];
    if (part !== PARTS.EOF && this.#parts.length === PARTS_MAX) {
      throw cursor.error(`at most ${PARTS_MAX} sections may come`, "section", at);
    }
    if (part === PARTS.COMMAND) {
      const command = readCommand(cursor, offset);
      this.#pending.hold(command.octets.length);
      this.#parts.push(command);
      this.#packages.begin(cursor, command);
      this.#state = "parts";
    } else if (type !== undefined) {
      this.#readSection(cursor, type, at);
    } else if (part !== PARTS.EOF) {
      const reason = `must be a known part: current value is 0x${part.toString(16)}`;
      throw cursor.error(reason, "section", at);
    } else if (this.#tail === undefined) {
      this.#hold(cursor, at);
    } else {
      demandEnd(cursor);
      this.#state = "end";
    }
  }

  #readConfiguration(cursor: Cursor): void {
    const configuration = readConfiguration(cursor);
    this.#configuration = configuration;
    const hasAddresses = hasCapability(configuration, "x-ignore-shared");
    this.#ram = new RamReader(pageSizeOf(configuration) ?? PAGE_SIZE, hasAddresses);
    this.#state = "parts";
  }

  /** What begins at `at` needs the description. */
  #hold(cursor: Cursor, at: number): void {
    cursor.at = at;
    this.#state = "held";
  }

  #readSection(cursor: Cursor, type: SectionType, at: number): void {
    const head = readHead(cursor, type, this.#heads);
    const open = { ...head, type, offset: cursor.base + at };
    if (head.idstr === RAM) {
      this.#open = open;
      this.#items = [];
      this.#state = "ram";
    } else if (this.#tail === undefined) {
      this.#hold(cursor, at);
      return;
    } else {
      this.#close(cursor, open, this.#tail.readContent(cursor, head));
    }
    if (type === "START") this.#heads.set(head.sectionId, head);
  }

  /** Reads items to the end of the section. */
  #readRam(cursor: Cursor): void {
    cursor.trail.push(RAM);
    for (;;) {
      const item = this.#ram.read(cursor);
      if (item.kind === "end") {
        const items = this.#keepsRam ? [...this.#items, item] : undefined;
        cursor.trail.pop();
        this.#close(cursor, this.#open as Open, { kind: "ram", items });
        this.#state = "parts";
        return;
      }
      if (this.#keepsRam) this.#keep(cursor, item);
      this.#mark = cursor.at;
    }
  }

  #keep(cursor: Cursor, item: RamItem): void {
    this.#kept++;
    if (this.#kept > RAM_ITEMS_MAX) {
      throw cursor.error(`at most ${RAM_ITEMS_MAX} items may be kept`, "items");
    }
    this.#items.push(item);
  }

  #close(cursor: Cursor, open: Open, content: Section["content"]): void {
    const hasFooter = readFooter(cursor, open, this.#hasFooter);
    this.#hasFooter = hasFooter;
    const length = cursor.offset - open.offset;
    this.#parts.push({ kind: "section", ...open, length, content, hasFooter });
  }
}

/** Nothing may follow: a whole description is not what is read here. */
function demandEnd(cursor: Cursor): void {
  const { at, left } = cursor;
  if (cursor.peeked === PARTS.VMDESCRIPTION) {
    cursor.u8("VMDESCRIPTION");
    cursor.pass(cursor.u32("VMDESCRIPTION"), "VMDESCRIPTION");
  }
  if (left > 0) throw cursor.error(`must be the end: ${left} octets follow`, "EOF", at);
}

/** Reads a stream that is here as a whole; its RAM is kept, unless `options` say otherwise. */
export function readStream(octets: Uint8Array, options: ReadOptions = {}): Stream {
  const whole = { keepsRam: true, heldMax: Number.POSITIVE_INFINITY };
  const reader = new StreamReader({ ...whole, ...options });
  reader.push(octets);
  return reader.end();
}
