/**
 * Octets that have come and are not read yet. Pieces are joined only when that is worth it, so
 * that every octet is copied a few times at most, however small the pieces are.
 *
 * @module
 */
import { StreamError } from "./error.ts";

/** Octets that are awaited before anything is read. */
const DUE_MIN = 256 * 1024;

export class Pending {
  readonly #heldMax: number;
  #pieces: Uint8Array[] = [];
  /** Octets in the pieces. */
  #size = 0;
  /** Octets that have come in all. */
  #total = 0;
  #due = DUE_MIN;
  /** Octets that were read and stay. */
  #held = 0;

  constructor(heldMax: number) {
    this.#heldMax = heldMax;
  }

  get total(): number {
    return this.#total;
  }

  /** Enough has come for another attempt. */
  get isDue(): boolean {
    return this.#size >= this.#due;
  }

  push(octets: Uint8Array): void {
    this.#pieces.push(octets);
    this.#size += octets.length;
    this.#total += octets.length;
    if (this.#size + this.#held <= this.#heldMax) return;
    const reason = `at most ${this.#heldMax} octets that are not RAM may come`;
    throw new StreamError(reason, this.#total - this.#size, "stream");
  }

  /** Counts octets that stay, though they were read. */
  hold(size: number): void {
    this.#held += size;
  }

  /** All that is here, as one piece, and its offset in the stream. */
  take(): { readonly octets: Uint8Array; readonly base: number } {
    const [only, second] = this.#pieces;
    const octets = second === undefined ? (only ?? new Uint8Array()) : this.#joined();
    this.#pieces = [octets];
    return { octets, base: this.#total - this.#size };
  }

  /** Forgets the first `size` octets of what was taken. */
  keep(size: number): void {
    const rest = this.#pieces[0]?.subarray(size);
    this.#pieces = rest === undefined || rest.length === 0 ? [] : [rest];
    this.#size = rest?.length ?? 0;
    this.#due = Math.max(DUE_MIN, 2 * this.#size);
  }

  #joined(): Uint8Array {
    const octets = new Uint8Array(this.#size);
    let at = 0;
    for (const piece of this.#pieces) {
      octets.set(piece, at);
      at += piece.length;
    }
    return octets;
  }
}
