/**
 * A place in octets that moves forward, big-endian as all of a stream. What is not there is a
 * {@linkcode CutError} with the offset in the whole stream and the names down to the field.
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";
import { CutError, StreamError } from "./error.ts";
import { shownName } from "./shown_name.ts";

export class Cursor {
  readonly view: OctetView;
  /** Where the next octet is read. */
  at: number;
  /** The first octet that may not be read. */
  end: number;
  /** Offset in the stream of the first of the octets. */
  readonly base: number;
  /** Names down to the structure that is being read. */
  readonly trail: string[] = [];

  constructor(octets: Uint8Array, base = 0) {
    this.view = new OctetView(octets, false);
    this.at = 0;
    this.end = octets.length;
    this.base = base;
  }

  /** Offset in the stream of what is read next. */
  get offset(): number {
    return this.base + this.at;
  }

  get left(): number {
    return this.end - this.at;
  }

  /** The next octet, which stays where it is. */
  get peeked(): number | undefined {
    return this.at < this.end ? this.view.octets[this.at] : undefined;
  }

  /** Moves over `size` octets and answers where they begin. */
  pass(size: number, name: string): number {
    const { at } = this;
    if (size > this.end - at) {
      const reason = `${size} octets must follow: there are ${this.end - at}`;
      throw new CutError(reason, this.offset, this.#path(name));
    }
    this.at = at + size;
    return at;
  }

  u8(name: string): number {
    return this.view.octets[this.pass(1, name)] as number;
  }

  u16(name: string): number {
    return this.view.u16(this.pass(2, name));
  }

  u32(name: string): number {
    return this.view.u32(this.pass(4, name));
  }

  u64(name: string): bigint {
    return this.view.u64(this.pass(8, name));
  }

  /** A view of the next `size` octets. */
  take(size: number, name: string): Uint8Array {
    const at = this.pass(size, name);
    return this.view.octets.subarray(at, at + size);
  }

  /** Text of `size` octets, each of which is one character. */
  text(size: number, name: string): string {
    const at = this.pass(size, name);
    return this.view.text(at, at + size);
  }

  /** Text behind an octet that has its length. */
  shortText(name: string): string {
    return this.text(this.u8(name), name);
  }

  /** An error about what begins at `at`, a place in these octets. */
  error(reason: string, name: string, at = this.at): StreamError {
    return new StreamError(reason, this.base + at, this.#path(name));
  }

  #path(name: string): string {
    return [...this.trail, name].map(shownName).join(".");
  }
}
