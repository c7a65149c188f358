/**
 * The paths that have been seen in a stream, found by their octets without making texts of them.
 *
 * Whoever writes a stream knows how it is hashed here. So no more than a few places are looked at,
 * and what finds none of them free goes to a map of the runtime, whose hash nobody can foretell.
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";

const PROBES_MAX = 16;
const SLASH = 0x2f;
/** FNV-1a. */
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

export class PathIndex {
  readonly #octets: Uint8Array;
  readonly #mask: number;
  readonly #hashes: Int32Array;
  /** Place of each path; 0 where there is none, since a header stands there. */
  readonly #places: Int32Array;
  readonly #lengths: Int32Array;
  readonly #others = new Set<string>();

  /** For up to `count` paths that stand in `octets`. */
  constructor(octets: Uint8Array, count: number) {
    this.#octets = octets;
    const size = 2 ** Math.ceil(Math.log2(2 * count + 2));
    this.#mask = size - 1;
    this.#hashes = new Int32Array(size);
    this.#places = new Int32Array(size);
    this.#lengths = new Int32Array(size);
  }

  /** Adds the path in `from..to`: whether its parent is known, and whether it was new. */
  add(from: number, to: number): { hasParent: boolean; isNew: boolean } {
    const octets = this.#octets;
    let hash = OFFSET_BASIS;
    let parentHash = 0;
    let parentEnd = from;
    for (let at = from; at < to; at++) {
      const octet = octets[at] as number;
      if (octet === SLASH && at > from) {
        parentHash = hash;
        parentEnd = at;
      }
      hash = Math.imul(hash ^ octet, PRIME);
    }
    const isTop = octets[from] !== SLASH || to - from === 1;
    if (parentEnd === from) {
      parentHash = Math.imul(OFFSET_BASIS ^ SLASH, PRIME);
      parentEnd = from + 1;
    }
    const hasParent = isTop || this.#find(parentHash, from, parentEnd, false);
    return { hasParent, isNew: !this.#find(hash, from, to, true) };
  }

  /** Whether a path is there; when it is not, it may be put there. */
  #find(hash: number, from: number, to: number, put: boolean): boolean {
    let slot = (hash ^ (hash >>> 15)) & this.#mask;
    for (let probe = 0; probe < PROBES_MAX; probe++) {
      if (this.#places[slot] === 0) {
        if (put) this.#put(slot, hash, from, to);
        return false;
      }
      if (this.#hashes[slot] === hash && this.#isAt(slot, from, to)) return true;
      slot = (slot + 1) & this.#mask;
    }
    const text = new OctetView(this.#octets, true).text(from, to);
    const isThere = this.#others.has(text);
    if (put && !isThere) this.#others.add(text);
    return isThere;
  }

  #put(slot: number, hash: number, from: number, to: number): void {
    this.#places[slot] = from;
    this.#lengths[slot] = to - from;
    this.#hashes[slot] = hash;
  }

  #isAt(slot: number, from: number, to: number): boolean {
    const length = to - from;
    if (this.#lengths[slot] !== length) return false;
    const octets = this.#octets;
    const place = this.#places[slot] as number;
    for (let index = length - 1; index >= 0; index--) {
      if (octets[place + index] !== octets[from + index]) return false;
    }
    return true;
  }
}
