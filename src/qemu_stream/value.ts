/**
 * Values of fields: how each type of a description lies on the wire. Types that say more than
 * their width, such as `int32 equal`, are read like the plain one; what has no width of its own
 * is octets.
 *
 * Source: QEMU, migration/vmstate-types.c; hw/pci/pci.c for the levels of interrupt lines.
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";

export type Scalar = number | bigint | boolean;

/** How values of a type are read and written. */
export interface Codec {
  /** Octets of one value. */
  readonly size: number;
  /** Whether a field is as many values as its size holds. */
  readonly isMany: boolean;
  read(view: OctetView, at: number): Scalar;
  write(view: OctetView, at: number, value: Scalar): void;
}

function octet(isSigned: boolean): Codec {
  return {
    size: 1,
    isMany: false,
    read: isSigned
      ? (view, at) => ((view.octets[at] as number) << 24) >> 24
      : (view, at) => view.octets[at] as number,
    write(view, at, value) {
      view.octets[at] = Number(value);
    },
  };
}

function pair(isSigned: boolean): Codec {
  return {
    size: 2,
    isMany: false,
    read: isSigned ? (view, at) => (view.u16(at) << 16) >> 16 : (view, at) => view.u16(at),
    write: (view, at, value) => view.putU16(at, Number(value)),
  };
}

function word(isSigned: boolean, isMany = false): Codec {
  return {
    size: 4,
    isMany,
    read: isSigned ? (view, at) => view.i32(at) : (view, at) => view.u32(at),
    write: (view, at, value) => view.putU32(at, Number(value)),
  };
}

function wide(isSigned: boolean, isMany = false): Codec {
  return {
    size: 8,
    isMany,
    read: isSigned ? (view, at) => BigInt.asIntN(64, view.u64(at)) : (view, at) => view.u64(at),
    write: (view, at, value) => view.putU64(at, BigInt.asUintN(64, BigInt(value))),
  };
}

/** `codec` with its octets the other way round: structures that QEMU copies out of memory. */
function little({ size, isMany, read, write }: Codec): Codec {
  const turned = new OctetView(new Uint8Array(size), false);
  return {
    size,
    isMany,
    read(view, at) {
      for (let i = 0; i < size; i++) turned.octets[size - 1 - i] = view.octets[at + i] as number;
      return read(turned, 0);
    },
    write(view, at, value) {
      write(turned, 0, value);
      for (let i = 0; i < size; i++) view.octets[at + i] = turned.octets[size - 1 - i] as number;
    },
  };
}

/** A reader of QEMU takes any octet but zero for true; one that is not 1 stays a number. */
const BOOL: Codec = {
  ...octet(false),
  read(view, at) {
    const value = view.octets[at] as number;
    return value > 1 ? value : value === 1;
  },
};

const INTEGERS: Readonly<Record<string, Codec>> = {
  uint8: octet(false),
  uint16: pair(false),
  uint32: word(false),
  uint64: wide(false),
  int8: octet(true),
  int16: pair(true),
  int32: word(true),
  int64: wide(true),
};

/** What a reader of QEMU demands beyond the width: no matter of the format. */
const SUFFIXES = ["equal", "le", "positive"];

/** There are a few dozen types; what hostile streams call theirs is not kept. */
const CODECS = new Map<string, Codec>([
  ...Object.entries(INTEGERS),
  ...Object.entries(INTEGERS).flatMap(([type, codec]) =>
    SUFFIXES.map((suffix): [string, Codec] => [`${type} ${suffix}`, codec]),
  ),
  ["le16", little(pair(false))],
  ["le32", little(word(false))],
  ["le64", little(wide(false))],
  ["bool", BOOL],
  ["timer", wide(true)],
  ["bitmap", wide(false, true)],
  ["pci irq state", word(false, true)],
]);

/** The values of `type`; none when it is just octets. */
export function codecOf(type: string): Codec | undefined {
  return CODECS.get(type);
}

/** Whether a field of `size` octets can hold values of `codec`. */
export function fits(codec: Codec, size: number): boolean {
  return codec.isMany ? size % codec.size === 0 : size === codec.size;
}
