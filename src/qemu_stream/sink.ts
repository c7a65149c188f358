/**
 * A growing buffer that is filled from front to end, big-endian.
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";

/** Octets of a fresh buffer. */
const CAPACITY_MIN = 4096;

export class Sink {
  #view = new OctetView(new Uint8Array(CAPACITY_MIN), false);
  #length = 0;

  /** What was written. */
  get octets(): Uint8Array {
    return this.#view.octets.subarray(0, this.#length);
  }

  get length(): number {
    return this.#length;
  }

  /** Makes room for `size` octets and answers where they begin; they are zeros. */
  room(size: number): number {
    const at = this.#length;
    const length = at + size;
    const { octets } = this.#view;
    if (length > octets.length) {
      const grown = new Uint8Array(Math.max(length, 2 * octets.length));
      grown.set(octets);
      this.#view = new OctetView(grown, false);
    }
    this.#length = length;
    return at;
  }

  /** The buffer as it is now; writing more may replace it. */
  get view(): OctetView {
    return this.#view;
  }

  u8(value: number): void {
    const at = this.room(1);
    this.#view.octets[at] = value;
  }

  u16(value: number): void {
    const at = this.room(2);
    this.#view.putU16(at, value);
  }

  u32(value: number): void {
    const at = this.room(4);
    this.#view.putU32(at, value);
  }

  u64(value: bigint): void {
    const at = this.room(8);
    this.#view.putU64(at, value);
  }

  put(octets: Uint8Array): void {
    const at = this.room(octets.length);
    this.#view.octets.set(octets, at);
  }

  /** Text of which each character is one octet. */
  text(text: string): void {
    const at = this.room(text.length);
    this.#view.putText(at, text);
  }
}
