/**
 * The guest's ledger of storage I/O: what was issued, what came back and how often, and what each
 * block may hold. It judges nothing but keeps every oddity in words; an oracle reads them.
 *
 * A block may hold what the last acknowledged write put there, or what any write put there that
 * was in flight since; a read may bring what a block may have held at any time while it was
 * outstanding. An answer that comes twice, or to nothing, is kept and otherwise ignored.
 *
 * @module
 */
import { BLOCK_SIZE, describeBlock, tagOf } from "./block_content.ts";

export type IoKind = "read" | "write" | "flush" | "unmap";

/** One request of the guest. */
export interface Io {
  readonly id: number;
  readonly kind: IoKind;
  /** Name of the disk, as the guest knows it. */
  readonly disk: string;
  readonly lba: number;
  readonly blocks: number;
  /** Processor that issued it. */
  readonly vp: number;
  state: "outstanding" | "done" | "failed" | "withdrawn";
  /** Answers so far. */
  answers: number;
  /** Of a read: tags that each of its blocks might hold when it was issued. */
  readonly held?: readonly (readonly number[])[];
}

/** How an I/O was answered. */
export interface IoAnswer {
  /** Zero is success; else what the device said. */
  readonly status: number;
  /** What a read brought; absent otherwise. */
  readonly octets?: Uint8Array;
}

/** Counts of a ledger, and the first oddities of each kind in words. */
export interface LedgerTotals {
  readonly issued: number;
  readonly done: number;
  readonly failed: number;
  readonly outstanding: number;
  readonly oddities: readonly string[];
}

/** Oddities that are kept; a ledger with more is beyond reading. */
const ODDITIES_MAX = 32;

/** What a block holds that nobody has written to. */
const UNWRITTEN: readonly number[] = [0];

export class Ledger {
  #ios: Io[] = [];
  /** Tags that each block of a disk may hold, the acknowledged one first. */
  #disks = new Map<string, Map<number, readonly number[]>>();
  #oddities: string[] = [];
  #answers = 0;
  #waiting = 0;

  /** Notes a request that is about to be sent; its id is also the tag of what it writes. */
  issue(kind: IoKind, disk: string, lba: number, blocks: number, vp: number): Io {
    const id = this.#ios.length + 1;
    const held = kind === "read" ? { held: this.#heldBy(disk, lba, blocks) } : {};
    const io: Io = { id, kind, disk, lba, blocks, vp, state: "outstanding", answers: 0, ...held };
    this.#ios.push(io);
    this.#waiting++;
    const tag = writtenTag(io);
    if (tag !== null) this.#eachBlock(io, (held) => [...held, tag]);
    return io;
  }

  /** Notes an answer to request `id`. */
  answer(id: number, { status, octets }: IoAnswer): void {
    const io = this.#ios[id - 1];
    if (io === undefined) {
      this.#note(`answer to request ${id}, which was never issued`);
      return;
    }
    this.#answers++;
    io.answers++;
    if (io.answers > 1) {
      this.#note(`${nameOf(io)} was answered ${io.answers} times`);
      return;
    }
    this.#waiting--;
    io.state = status === 0 ? "done" : "failed";
    if (status !== 0) {
      this.#note(`${nameOf(io)} failed with status 0x${status.toString(16)}`);
      return;
    }
    const tag = writtenTag(io);
    if (tag !== null) this.#eachBlock(io, (held) => this.#settled(held, tag));
    if (io.kind === "read") this.#checkRead(io, octets ?? new Uint8Array());
  }

  /** Takes back the last request, which could not be sent. */
  withdraw(io: Io): void {
    io.state = "withdrawn";
    this.#waiting--;
    const tag = writtenTag(io);
    if (tag !== null) this.#eachBlock(io, (held) => held.slice(0, -1));
  }

  /** Answers so far, to whatever. */
  get answers(): number {
    return this.#answers;
  }

  /** Requests that have not been answered. */
  get waiting(): number {
    return this.#waiting;
  }

  /** The request with the number `id`. */
  request(id: number): Io | undefined {
    return this.#ios[id - 1];
  }

  /** Requests without an answer, oldest first. */
  outstanding(): Io[] {
    return this.#ios.filter(({ state }) => state === "outstanding");
  }

  /** Checks a block of the medium itself; every disk that was written to should be looked at. */
  checkMedium(disk: string, lba: number, octets: Uint8Array): void {
    this.#checkBlock(`the medium of ${disk}`, disk, lba, octets);
  }

  /** Every block that was ever written to, by disk. */
  writtenBlocks(): ReadonlyMap<string, Iterable<number>> {
    return new Map([...this.#disks].map(([disk, blocks]) => [disk, blocks.keys()]));
  }

  totals(): LedgerTotals {
    let [done, failed, withdrawn] = [0, 0, 0];
    for (const { state } of this.#ios) {
      if (state === "done") done++;
      else if (state === "failed") failed++;
      else if (state === "withdrawn") withdrawn++;
    }
    const issued = this.#ios.length - withdrawn;
    return { issued, done, failed, outstanding: this.#waiting, oddities: this.#oddities };
  }

  fork(): Ledger {
    const copy = new Ledger();
    copy.#ios = this.#ios.map((io) => ({ ...io }));
    for (const [disk, blocks] of this.#disks) copy.#disks.set(disk, new Map(blocks));
    copy.#oddities = [...this.#oddities];
    copy.#answers = this.#answers;
    copy.#waiting = this.#waiting;
    return copy;
  }

  #checkRead(io: Io, octets: Uint8Array): void {
    for (let index = 0; index < io.blocks; index++) {
      const block = octets.subarray(index * BLOCK_SIZE, (index + 1) * BLOCK_SIZE);
      const lba = io.lba + index;
      const tag = tagOf(block, lba);
      if (tag !== null && this.#mayRead(io, index, tag)) continue;
      this.#checkBlock(nameOf(io), io.disk, lba, block);
    }
  }

  #heldBy(disk: string, lba: number, blocks: number): (readonly number[])[] {
    return Array.from({ length: blocks }, (_, at) => this.#tagsOf(disk, lba + at));
  }

  #tagsOf(disk: string, lba: number): readonly number[] {
    return this.#disks.get(disk)?.get(lba) ?? UNWRITTEN;
  }

  /** Whether block `index` of a read held `tag` when it was issued, or was written to since. */
  #mayRead({ id, disk, lba, held }: Io, index: number, tag: number): boolean {
    if (held?.[index]?.includes(tag)) return true;
    const since = tag > id ? this.#ios[tag - 1] : undefined;
    if (since?.kind !== "write" || since.disk !== disk) return false;
    const at = lba + index - since.lba;
    return at >= 0 && at < since.blocks;
  }

  #checkBlock(who: string, disk: string, lba: number, octets: Uint8Array): void {
    const allowed = this.#tagsOf(disk, lba);
    const tag = tagOf(octets, lba);
    if (tag !== null && allowed.includes(tag)) return;
    const expected = allowed.map((held) => (held === 0 ? "zeros" : `write ${held}`)).join(" or ");
    const found = describeBlock(octets, lba);
    this.#note(`${who} has ${found} in block ${lba}, not ${expected}`);
  }

  #eachBlock(io: Io, change: (held: readonly number[]) => readonly number[]): void {
    const blocks = this.#disks.get(io.disk) ?? new Map<number, readonly number[]>();
    this.#disks.set(io.disk, blocks);
    for (let lba = io.lba; lba < io.lba + io.blocks; lba++) {
      blocks.set(lba, change(blocks.get(lba) ?? UNWRITTEN));
    }
  }

  /** What a block may hold once the write `tag` is acknowledged: it, or what is still in flight. */
  #settled(held: readonly number[], tag: number): number[] {
    const inFlight = held.filter((other) => this.#ios[other - 1]?.state === "outstanding");
    return [tag, ...inFlight];
  }

  #note(oddity: string): void {
    if (this.#oddities.length < ODDITIES_MAX) this.#oddities.push(oddity);
  }
}

/** The tag that `io` leaves in its blocks; null when it writes nothing. */
function writtenTag({ kind, id }: Io): number | null {
  if (kind === "write") return id;
  return kind === "unmap" ? 0 : null;
}

/** A request in words: `write 7 to block 40 of disk 0:0:3 from processor 1`. */
function nameOf({ id, kind, disk, lba, vp }: Io): string {
  return `${kind} ${id} of block ${lba} of ${disk} from processor ${vp}`;
}
