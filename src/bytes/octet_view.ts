/**
 * Integers of either byte order and one-octet characters, read from and written to octets. The
 * caller checks that a place is inside; what is not is a `RangeError` of the runtime.
 *
 * @module
 */

/** Characters that one call of `String.fromCharCode` takes without filling the stack. */
const CHARACTERS_MAX = 4096;

export class OctetView {
  readonly octets: Uint8Array;
  readonly #view: DataView;
  readonly #isLittle: boolean;

  constructor(octets: Uint8Array, isLittle: boolean) {
    this.octets = octets;
    this.#view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
    this.#isLittle = isLittle;
  }

  u16(at: number): number {
    return this.#view.getUint16(at, this.#isLittle);
  }

  u32(at: number): number {
    return this.#view.getUint32(at, this.#isLittle);
  }

  i32(at: number): number {
    return this.#view.getInt32(at, this.#isLittle);
  }

  u64(at: number): bigint {
    return this.#view.getBigUint64(at, this.#isLittle);
  }

  putU16(at: number, value: number): void {
    this.#view.setUint16(at, value, this.#isLittle);
  }

  putU32(at: number, value: number): void {
    this.#view.setUint32(at, value, this.#isLittle);
  }

  putU64(at: number, value: bigint): void {
    this.#view.setBigUint64(at, value, this.#isLittle);
  }

  /** Text of which each character is one octet, so that any octets can be written back. */
  text(from: number, to: number): string {
    // Views cost more than texts, and many texts are empty.
    if (from >= to) return "";
    if (to - from <= CHARACTERS_MAX) return charactersOf(this.octets.subarray(from, to));
    let text = "";
    for (let at = from; at < to; at += CHARACTERS_MAX) {
      const piece = this.octets.subarray(at, Math.min(at + CHARACTERS_MAX, to));
      text += charactersOf(piece);
    }
    return text;
  }

  /** The other way of {@linkcode OctetView.text}. */
  putText(at: number, text: string): void {
    for (let index = 0; index < text.length; index++) {
      this.octets[at + index] = text.charCodeAt(index);
    }
  }

  /** Whether every octet from `from` to before `to` is zero. */
  isZero(from: number, to: number): boolean {
    for (let at = from; at < to; at++) if (this.octets[at] !== 0) return false;
    return true;
  }
}

/** Spread would go through an iterator, octet by octet, and take several times as long. */
function charactersOf(octets: Uint8Array): string {
  return String.fromCharCode.apply(null, octets as unknown as number[]);
}
