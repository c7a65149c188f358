/**
 * Visitors over the octets of QEMU's stream: big-endian, without names, as `qemu_put_be32` and its
 * sisters write it. A subsection is an octet 5, its name behind an octet with its length, and its
 * version.
 *
 * Source: QEMU, migration/vmstate.c, vmstate_subsection_load() and _save().
 *
 * @module
 */
import { Cursor } from "../qemu_stream/cursor.ts";
import { StreamError } from "../qemu_stream/error.ts";
import { Sink } from "../qemu_stream/sink.ts";
import { INTEGERS, type IntegerKind, type WideKind } from "./integer.ts";
import { type Subsection, Visitor } from "./visitor.ts";

/** QEMU_VM_SUBSECTION. */
const SUBSECTION = 5;

/** Saves into octets. */
export class StreamSaver extends Visitor {
  readonly loads = false;
  readonly #sink = new Sink();

  get octets(): Uint8Array {
    return this.#sink.octets;
  }

  protected onInteger(kind: IntegerKind, _name: string, value: number): number {
    const { octets } = INTEGERS[kind];
    if (octets === 1) this.#sink.u8(value & 0xff);
    else if (octets === 2) this.#sink.u16(value & 0xffff);
    else this.#sink.u32(value >>> 0);
    return value;
  }

  protected onWide(_kind: WideKind, _name: string, value: bigint): bigint {
    this.#sink.u64(BigInt.asUintN(64, value));
    return value;
  }

  protected onBool(_name: string, value: boolean): boolean {
    this.#sink.u8(value ? 1 : 0);
    return value;
  }

  protected onText(_name: string, value: string): string {
    this.#sink.u8(value.length);
    this.#sink.text(value);
    return value;
  }

  protected onBuffer(_name: string, value: Uint8Array): Uint8Array {
    this.#sink.put(value);
    return value;
  }

  protected onOptional(name: string, isThere: boolean): boolean {
    return this.onBool(name, isThere);
  }

  protected onList(_name: string, length: number): number {
    this.#sink.u32(length);
    return length;
  }

  protected onArray(): void {}
  protected onEnter(): void {}
  protected onLeave(): void {}

  protected onSubsections(
    _device: string,
    known: readonly Subsection[],
    visit: (one: Subsection) => void,
  ): void {
    for (const one of known) {
      if (!one.isNeeded) continue;
      this.#sink.u8(SUBSECTION);
      this.onText(one.name, one.name);
      this.#sink.u32(one.version);
      visit(one);
    }
  }
}

/** Loads from octets. */
export class StreamLoader extends Visitor {
  readonly loads = true;
  readonly #cursor: Cursor;

  /** Goes on where the cursor is. */
  constructor(octets: Uint8Array | Cursor) {
    super();
    this.#cursor = octets instanceof Cursor ? octets : new Cursor(octets);
  }

  /** Throws when octets are left that nobody has asked for. */
  end(): void {
    const { left } = this.#cursor;
    if (left > 0) throw this.error(undefined, `its octets must be all read: ${left} are left`);
  }

  protected onInteger(kind: IntegerKind, name: string): number {
    const { octets } = INTEGERS[kind];
    const isSigned = kind.startsWith("i");
    const bits = 32 - 8 * octets;
    const value = this.#read(name, () =>
      octets === 1
        ? this.#cursor.u8(name)
        : octets === 2
          ? this.#cursor.u16(name)
          : this.#cursor.u32(name),
    );
    return isSigned ? (value << bits) >> bits : value;
  }

  protected onWide(kind: WideKind, name: string): bigint {
    const value = this.#read(name, () => this.#cursor.u64(name));
    return kind === "i64" ? BigInt.asIntN(64, value) : value;
  }

  protected onBool(name: string): boolean {
    const value = this.#read(name, () => this.#cursor.u8(name));
    if (value > 1) throw this.error(name, `a flag must be 0 or 1: current value is ${value}`);
    return value === 1;
  }

  protected onText(name: string): string {
    return this.#read(name, () => this.#cursor.shortText(name));
  }

  protected onBuffer(name: string, _value: Uint8Array, size: number): Uint8Array {
    return this.#read(name, () => this.#cursor.take(size, name).slice());
  }

  protected onOptional(name: string): boolean {
    return this.onBool(name);
  }

  protected onList(name: string): number {
    return this.#read(name, () => this.#cursor.u32(name));
  }

  protected onArray(): void {}
  protected onEnter(): void {}
  protected onLeave(): void {}

  /** As QEMU does, an octet 5 with another name behind it is taken for what follows the device. */
  protected onSubsections(
    device: string,
    known: readonly Subsection[],
    visit: (one: Subsection) => void,
  ): void {
    const seen = new Set<string>();
    while (this.#cursor.peeked === SUBSECTION) {
      const { at } = this.#cursor;
      this.#cursor.u8("subsection");
      const name = this.onText("subsection");
      if (!name.startsWith(`${device}/`)) {
        this.#cursor.at = at;
        return;
      }
      const version = this.#read(name, () => this.#cursor.u32(name));
      const one = known.find((candidate) => candidate.name === name);
      if (one === undefined) throw this.error(name, "a subsection must be one that it knows");
      if (seen.has(name)) throw this.error(name, "a subsection must come once");
      if (version > one.version) {
        const reason = `a subsection must have version ${one.version} at most`;
        throw this.error(name, `${reason}: current value is ${version}`);
      }
      seen.add(name);
      visit(one);
    }
  }

  #read<T>(name: string, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      throw this.error(name, `its octets must be there: ${error.message}`);
    }
  }
}
