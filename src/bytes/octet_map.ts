/**
 * A map whose keys are octets, for work on inputs that keep coming. It remembers up to a number
 * of them, or of their octets, and then begins anew, so that inputs that never come again do no
 * harm.
 *
 * @module
 */

interface Entry<V> {
  readonly octets: Uint8Array;
  readonly value: V;
}

/** Octets of all keys: what is derived from them is larger by far. */
const OCTETS_MAX = 2 ** 16;

export class OctetMap<V> {
  readonly #sizeMax: number;
  /** Entries by the length of their octets; few are of one length. */
  readonly #entries = new Map<number, Entry<V>[]>();
  #size = 0;
  #octets = 0;

  constructor(sizeMax: number) {
    this.#sizeMax = sizeMax;
  }

  get(octets: Uint8Array): V | undefined {
    const entries = this.#entries.get(octets.length);
    if (entries === undefined) return undefined;
    for (const entry of entries) if (equal(entry.octets, octets)) return entry.value;
    return undefined;
  }

  /** Remembers `value` for a copy of `octets`, which must not be in the map yet. */
  add(octets: Uint8Array, value: V): void {
    if (this.#size >= this.#sizeMax || this.#octets + octets.length > OCTETS_MAX) {
      this.#entries.clear();
      this.#size = 0;
      this.#octets = 0;
    }
    this.#size++;
    this.#octets += octets.length;
    const entry = { octets: new Uint8Array(octets), value };
    const entries = this.#entries.get(octets.length);
    if (entries === undefined) this.#entries.set(octets.length, [entry]);
    else entries.push(entry);
  }
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  // What differs between inputs of one kind is rather behind the names at their front.
  for (let index = left.length - 1; index >= 0; index--) {
    if (left[index] !== right[index]) return false;
  }
  return true;
}
