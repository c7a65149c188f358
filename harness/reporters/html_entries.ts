/**
 * A large table of the data block of the HTML page: entries as the JSON they are written in, each
 * once and numbered. Kept as octets, which take a tenth of the room of objects and of their keys.
 *
 * @module
 */

/** Octets of one block; a longer entry has a block of its own. */
const BLOCK_SIZE = 64 * 1024;
/** Entries that a table has room for at first; it doubles. */
const ROOM_MIN = 256;
/** Slots per entry, so that a search for an entry ends soon. */
const SLOTS_PER_ENTRY = 2;
/** Ends an entry; JSON without layout has no such character. */
const NEWLINE = "\n";

/** FNV-1a in 32 bits. */
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

export class Entries {
  /** Entries one after the other, each with its newline; none lies in two blocks. */
  readonly #blocks: Buffer[] = [];
  /** Octets that are taken of the last block. */
  #taken = 0;
  /** Where an entry is: its block and its place there. */
  #places = new Uint32Array(2 * ROOM_MIN);
  /** Numbers of entries plus one, at or behind the slot that the hash names; 0 is a free slot. */
  #slots = new Uint32Array(SLOTS_PER_ENTRY * ROOM_MIN);
  #count = 0;
  /** The entry that is looked for. */
  #sought = Buffer.alloc(BLOCK_SIZE);

  /** Number of the entry `json`, which is added when it is new. */
  number(json: string): number {
    const size = this.#seek(json);
    let slot = this.#slotOf(this.#sought, 0, size);
    for (; this.#slots[slot] !== 0; slot = (slot + 1) % this.#slots.length) {
      const known = (this.#slots[slot] ?? 0) - 1;
      if (this.#isSought(known, size)) return known;
    }
    this.#keep(size);
    this.#slots[slot] = ++this.#count;
    if (2 * this.#count === this.#places.length) this.#grow();
    return this.#count - 1;
  }

  /** The JSON of all entries as one array, in pieces. */
  *pieces(): Generator<string> {
    yield "[";
    let separator = "";
    for (const block of this.#blocks) {
      const entries = block.toString("utf8", 0, block.lastIndexOf(NEWLINE));
      yield separator + entries.replaceAll(NEWLINE, ",");
      separator = ",";
    }
    yield "]";
  }

  /** Makes `json` the entry that is looked for. Returns its size with its newline. */
  #seek(json: string): number {
    const most = 3 * json.length + NEWLINE.length;
    if (this.#sought.length < most) this.#sought = Buffer.alloc(most);
    return this.#sought.write(json + NEWLINE);
  }

  #isSought(number: number, size: number): boolean {
    const at = this.#places[2 * number + 1] ?? 0;
    const block = this.#blocks[this.#places[2 * number] ?? 0];
    if (block === undefined || at + size > block.length) return false;
    return block.compare(this.#sought, 0, size, at, at + size) === 0;
  }

  #keep(size: number): void {
    const last = this.#blocks.at(-1);
    if (last === undefined || this.#taken + size > last.length) {
      this.#blocks.push(Buffer.alloc(Math.max(size, BLOCK_SIZE)));
      this.#taken = 0;
    }
    const block = this.#blocks.length - 1;
    this.#places.set([block, this.#taken], 2 * this.#count);
    this.#sought.copy(this.#blocks[block] as Buffer, this.#taken, 0, size);
    this.#taken += size;
  }

  #grow(): void {
    const places = new Uint32Array(2 * this.#places.length);
    places.set(this.#places);
    this.#places = places;
    this.#slots = new Uint32Array(2 * this.#slots.length);
    for (let number = 0; number < this.#count; number++) {
      const block = this.#blocks[places[2 * number] ?? 0] as Buffer;
      const at = places[2 * number + 1] ?? 0;
      const end = block.indexOf(NEWLINE, at) + NEWLINE.length;
      this.#slots[this.#freeSlot(this.#slotOf(block, at, end))] = number + 1;
    }
  }

  #freeSlot(from: number): number {
    let slot = from;
    while (this.#slots[slot] !== 0) slot = (slot + 1) % this.#slots.length;
    return slot;
  }

  #slotOf(octets: Buffer, from: number, to: number): number {
    let hash: number = OFFSET_BASIS;
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ (octets[at] ?? 0), PRIME);
    return (hash >>> 0) % this.#slots.length;
  }
}
