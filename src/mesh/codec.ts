/**
 * The codec of one message in one release.
 *
 * Functions are made from text with `new Function`, once for each message and release: the text
 * comes from our own schemas, never from input. Where a policy forbids it, nothing here works.
 *
 * Decoding runs the plain variant of the generated code; only when that refuses the bytes, or when
 * unknown fields are asked for, the traced variant reads them again and says where and why.
 *
 * @module
 */
import { existsAt } from "../schema/history.ts";
import type { Message, Oneof, Shape, Variants } from "../schema/message.ts";
import { DecoderSource } from "./decoder_source.ts";
import { EncoderSource } from "./encoder_source.ts";
import { MeshError } from "./error.ts";
import { Reader, type UnknownField } from "./reader.ts";
import { RELEASE_NAMES, type Release, releaseNamed } from "./release.ts";
import { EncodeError, Writer } from "./writer.ts";

/** The TypeScript value of a message or an enum. */
export type Value<D> = D extends Message ? Shape<D> : D extends Oneof ? Variants<D> : never;

/** Reads and writes one message as one release does. */
export interface Codec<V = unknown> {
  /**
   * The bytes of `value`. A field that is undefined is left out; throws {@linkcode EncodeError}
   * when nobody could decode the message without it, or when a value does not fit its type.
   */
  encode(value: V): Uint8Array;
  /** The value of `bytes`, sharing no memory with them; throws {@linkcode MeshError}. */
  decode(bytes: Uint8Array): V;
  /** As `decode`, and lists the fields that the release does not know. */
  decodeListing(bytes: Uint8Array): { value: V; unknown: readonly UnknownField[] };
}

type Read = (reader: Reader, end: number, before: undefined) => unknown;
type Write = (writer: Writer, value: unknown) => void;

/** Buffers larger than this are not kept for the next message. */
const KEPT_MAX = 2 ** 20;
const cache = new WeakMap<object, Map<string, Codec>>();
let spare: Writer | undefined;

/** The codec of `declaration` in `release`; compiled once. */
export function codecFor<D extends Message | Oneof>(
  declaration: D,
  release: string,
): Codec<Value<D>> {
  const codecs = cache.get(declaration) ?? new Map<string, Codec>();
  cache.set(declaration, codecs);
  const codec = codecs.get(release) ?? compile(declaration, releaseNamed(release));
  codecs.set(release, codec);
  return codec as Codec<Value<D>>;
}

function compile(declaration: Message | Oneof, release: Release): Codec {
  const { name } = declaration;
  if (!existsAt(declaration, release.name, RELEASE_NAMES)) {
    throw new RangeError(
      `Cannot find ${name} as a message of the release: current value is ${release.name}`,
    );
  }
  const read = lazily(() => compileDecoder(declaration, release, false));
  const readTraced = lazily(() => compileDecoder(declaration, release, true));
  const write = lazily(() => compileEncoder(declaration, release, false));
  const writeTraced = lazily(() => compileEncoder(declaration, release, true));

  function decodeListing(bytes: Uint8Array): { value: unknown; unknown: readonly UnknownField[] } {
    const reader = new Reader(bytes, name);
    const value = readTraced()(reader, bytes.length, undefined);
    return { value, unknown: reader.unknown };
  }

  return {
    encode(value) {
      try {
        return written(name, write(), value);
      } catch (error) {
        if (!(error instanceof EncodeError)) throw error;
        return written(name, writeTraced(), value);
      }
    },
    decode(bytes) {
      try {
        return read()(new Reader(bytes, name), bytes.length, undefined);
      } catch (error) {
        if (!(error instanceof MeshError)) throw error;
        return decodeListing(bytes).value;
      }
    },
    decodeListing,
  };
}

function written(name: string, write: Write, value: unknown): Uint8Array {
  const writer = spare ?? new Writer();
  spare = undefined;
  writer.begin(name);
  write(writer, value);
  const bytes = writer.toBytes();
  if (writer.capacity <= KEPT_MAX) spare = writer;
  return bytes;
}

function compileDecoder(declaration: Message | Oneof, release: Release, traced: boolean): Read {
  const source = new DecoderSource(release, traced);
  const root = "fields" in declaration ? source.message(declaration) : source.oneof(declaration);
  const text = `"use strict";\n${source.text}\nreturn ${root};`;
  return new Function("NO_OCTETS", text)(new Uint8Array(0)) as Read;
}

function compileEncoder(declaration: Message | Oneof, release: Release, traced: boolean): Write {
  const source = new EncoderSource(release, traced);
  const root = "fields" in declaration ? source.message(declaration) : source.oneof(declaration);
  return new Function(`"use strict";\n${source.text}\nreturn ${root};`)() as Write;
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
