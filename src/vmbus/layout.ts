/**
 * Layouts of VMBus messages: fields in order, packed, little endian, behind the type and four
 * octets of padding. A layout is data, from which its encoder and decoder are made.
 *
 * Source: vm/devices/vmbus/vmbus_core/src/protocol.rs. The structs there are `repr(C)`, and none
 * has padding that is not a field.
 *
 * @module
 */
import { u16At, u32At, u64At } from "../bytes/read_little_endian.ts";
import { putU16, putU32, putU64 } from "../bytes/write_little_endian.ts";
import type { Guid } from "../openhcl_state/mod.ts";

/** Octets of type and padding before the fields. */
export const HEADER_LENGTH = 8;

/** Octets of an offer or an open request that belong to the device. */
export const USER_DATA_LENGTH = 120;

const LENGTHS = { u8: 1, u16: 2, u32: 4, i32: 4, u64: 8, guid: 16, userData: USER_DATA_LENGTH };

interface Values {
  u8: number;
  u16: number;
  u32: number;
  i32: number;
  u64: bigint;
  guid: Guid;
  userData: Uint8Array;
}

type Kind = keyof Values;

/** Kinds by name; a number is a gap of so many octets, which has no value. */
type Fields = Readonly<Record<string, Kind | number>>;

type ValueOf<F extends Fields> = {
  readonly [K in keyof F as F[K] extends Kind ? K : never]: F[K] extends Kind
    ? Values[F[K]]
    : never;
};

interface Field {
  readonly name: string;
  readonly kind: Kind;
  readonly at: number;
}

/** What a message of one layout says. */
export type Contents<L> = L extends Layout<infer V> ? V : never;

/** One form of one message. */
export class Layout<V> {
  readonly type: number;
  /** Octets of the message with its header, without data that follows. */
  readonly length: number;
  readonly #write: (octets: Uint8Array, value: unknown) => void;
  /** What `octets` say; they must be long enough. */
  readonly decode: (octets: Uint8Array) => V;

  constructor(type: number, fields: Fields) {
    this.type = type;
    let at = HEADER_LENGTH;
    const placed: Field[] = [];
    for (const [name, kind] of Object.entries(fields)) {
      if (typeof kind === "number") {
        at += kind;
        continue;
      }
      placed.push({ name, kind, at });
      at += LENGTHS[kind];
    }
    this.length = at;
    this.#write = writerOf(placed);
    this.decode = readerOf(placed);
  }

  /** The message with `data` behind it. */
  encode(value: V, data?: Uint8Array): Uint8Array {
    const octets = new Uint8Array(this.length + (data?.length ?? 0));
    octets[0] = this.type;
    this.#write(octets, value);
    if (data !== undefined) octets.set(data, this.length);
    return octets;
  }

  /** The data behind the message. */
  dataOf(octets: Uint8Array): Uint8Array {
    return octets.subarray(this.length);
  }
}

/** The layout of message `type` with these `fields`. */
export function layout<const F extends Fields>(type: number, fields: F): Layout<ValueOf<F>> {
  return new Layout(type, fields);
}

/** How a value of each kind is put into octets. */
const PUT: { readonly [K in Kind]: (octets: Uint8Array, at: number, value: Values[K]) => void } = {
  u8(octets, at, value) {
    octets[at] = value;
  },
  u16: putU16,
  u32: putU32,
  i32: putU32,
  u64: putU64,
  guid: putGuid,
  userData: (octets, at, value) => octets.set(value, at),
};

/** How a value of each kind is taken out of octets. */
const GET: { readonly [K in Kind]: (octets: Uint8Array, at: number) => Values[K] } = {
  u8: (octets, at) => octets[at] ?? 0,
  u16: u16At,
  u32: u32At,
  i32: (octets, at) => u32At(octets, at) | 0,
  u64: u64At,
  guid: guidAt,
  userData: (octets, at) => octets.slice(at, at + USER_DATA_LENGTH),
};

// Made from text, as in the codec of saved state: the fields are known when the program starts,
// and a loop over them costs several times as much.

function writerOf(fields: readonly Field[]): (octets: Uint8Array, value: unknown) => void {
  const puts = fields.map(({ name, kind, at }) => `put.${kind}(octets, ${at}, value.${name});`);
  return new Function("put", `return (octets, value) => { ${puts.join(" ")} }`)(PUT);
}

function readerOf<V>(fields: readonly Field[]): (octets: Uint8Array) => V {
  const gets = fields.map(({ name, kind, at }) => `${name}: get.${kind}(octets, ${at})`);
  return new Function("get", `return (octets) => ({ ${gets.join(", ")} })`)(GET);
}

function putGuid(octets: Uint8Array, at: number, { data1, data2, data3, data4 }: Guid): void {
  putU32(octets, at, data1);
  putU16(octets, at + 4, data2);
  putU16(octets, at + 6, data3);
  octets.set(data4, at + 8);
}

function guidAt(octets: Uint8Array, at: number): Guid {
  return {
    data1: u32At(octets, at),
    data2: u16At(octets, at + 4),
    data3: u16At(octets, at + 6),
    data4: octets.slice(at + 8, at + 16),
  };
}
