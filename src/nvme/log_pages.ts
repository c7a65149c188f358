/**
 * Log pages: what a controller has noted. Source: NVM Express Base Specification 2.0c, 5.16.1:
 * error information, SMART and health information, changed namespace list.
 *
 * @module
 */
import { putU16, putU32, putU64 } from "../bytes/write_little_endian.ts";
import type { Command } from "./command.ts";
import { ERROR_ENTRIES_MAX, IDENTIFY_SIZE } from "./identify.ts";
import { NVM_OPCODE } from "./opcodes.ts";

/** Log page identifiers. */
export const LOG_PAGE = { ERROR: 0x01, SMART: 0x02, CHANGED_NAMESPACES: 0x04 } as const;
/** Entries of the changed namespace list; one more change and it only says that there are more. */
export const CHANGED_NAMESPACES_MAX = 1024;
/** First entry when more namespaces have changed. */
export const ALL_NAMESPACES = 0xffff_ffff;

const ERROR_ENTRY_SIZE = 64;
const SMART_SIZE = 512;
/** 300 K, which is 27 degrees Celsius. */
const TEMPERATURE = 300;

/** A command that failed. */
interface ErrorEntry {
  readonly count: number;
  readonly sqid: number;
  readonly cid: number;
  readonly status: number;
  readonly nsid: number;
}

export class LogPages {
  #errors: ErrorEntry[] = [];
  #errorCount = 0;
  /** Commands that were executed since power-on. */
  #reads = 0;
  #writes = 0;
  #changed = new Set<number>();

  /** Notes the outcome of a command. */
  note(sqid: number, cid: number, command: Command, status: number): void {
    if (sqid !== 0 && command.opcode === NVM_OPCODE.READ) this.#reads++;
    if (sqid !== 0 && command.opcode === NVM_OPCODE.WRITE) this.#writes++;
    if (status === 0) return;
    this.#errorCount++;
    this.#errors.unshift({ count: this.#errorCount, sqid, cid, status, nsid: command.nsid });
    if (this.#errors.length > ERROR_ENTRIES_MAX) this.#errors.pop();
  }

  noteChanged(nsid: number): void {
    this.#changed.add(nsid);
  }

  /** The page `lid` as a whole; null when there is no such page. */
  read(lid: number): Uint8Array | null {
    if (lid === LOG_PAGE.ERROR) return this.#errorInformation();
    if (lid === LOG_PAGE.SMART) return this.#health();
    if (lid === LOG_PAGE.CHANGED_NAMESPACES) return this.#changedNamespaces();
    return null;
  }

  /** No namespace has changed any more: somebody has read the list, or nobody will. */
  clearChanged(): void {
    this.#changed.clear();
  }

  fork(): LogPages {
    const copy = new LogPages();
    copy.#errors = [...this.#errors];
    copy.#errorCount = this.#errorCount;
    copy.#reads = this.#reads;
    copy.#writes = this.#writes;
    copy.#changed = new Set(this.#changed);
    return copy;
  }

  #errorInformation(): Uint8Array {
    const octets = new Uint8Array(ERROR_ENTRIES_MAX * ERROR_ENTRY_SIZE);
    for (const [index, { count, sqid, cid, status, nsid }] of this.#errors.entries()) {
      const at = index * ERROR_ENTRY_SIZE;
      putU32(octets, at, count);
      putU16(octets, at + 8, sqid);
      putU16(octets, at + 10, cid);
      putU16(octets, at + 12, status << 1);
      putU32(octets, at + 24, nsid);
    }
    return octets;
  }

  #health(): Uint8Array {
    const octets = new Uint8Array(SMART_SIZE);
    putU16(octets, 1, TEMPERATURE);
    octets[3] = 100; // Available spare, in percent.
    octets[4] = 10; // Below this the spare is too small.
    putU64(octets, 64, BigInt(this.#reads));
    putU64(octets, 80, BigInt(this.#writes));
    putU64(octets, 176, BigInt(this.#errorCount));
    return octets;
  }

  #changedNamespaces(): Uint8Array {
    const octets = new Uint8Array(IDENTIFY_SIZE);
    if (this.#changed.size > CHANGED_NAMESPACES_MAX) {
      putU32(octets, 0, ALL_NAMESPACES);
      return octets;
    }
    const nsids = [...this.#changed].sort((left, right) => left - right);
    for (const [index, nsid] of nsids.entries()) putU32(octets, 4 * index, nsid);
    return octets;
  }
}
