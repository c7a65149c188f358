/**
 * Blobs: a message of any type under the name of that type (`google.protobuf.Any`).
 *
 * Source: mesh_protobuf, message.rs (`ProtobufAny`) and protofile/mod.rs (`TypeUrl`).
 *
 * @module
 */
import type { Message, Oneof } from "../schema/message.ts";
import { codecFor, type Value } from "./codec.ts";
import { MeshError } from "./error.ts";

/** A message and its type URL. */
export interface Blob {
  readonly type_url: string;
  readonly value: Uint8Array;
}

const HOST = "type.googleapis.com/";

/** The type URL of `declaration`; a suffix that only tells layouts apart (`@...`) is not in it. */
export function typeUrlOf(declaration: Message | Oneof): string {
  return HOST + declaration.name.replace(/@.*$/, "");
}

/** The message name in a type URL, or `undefined` when the URL is of another form. */
export function nameOfTypeUrl(url: string): string | undefined {
  const bare = url.startsWith("https://") ? url.slice("https://".length) : url;
  return bare.startsWith(HOST) ? bare.slice(HOST.length) : undefined;
}

/** Puts a message into a blob. */
export function blobOf<D extends Message | Oneof>(
  declaration: D,
  release: string,
  value: Value<D>,
): Blob {
  return { type_url: typeUrlOf(declaration), value: codecFor(declaration, release).encode(value) };
}

/** Takes the message out of a blob, which must be of its type; throws {@linkcode MeshError}. */
export function parseBlob<D extends Message | Oneof>(
  blob: Blob,
  declaration: D,
  release: string,
): Value<D> {
  const expected = typeUrlOf(declaration);
  if (nameOfTypeUrl(blob.type_url) !== nameOfTypeUrl(expected)) {
    const reason = `protobuf type mismatch, expected ${expected}, got ${blob.type_url}`;
    throw new MeshError(reason, 0, declaration.name);
  }
  return codecFor(declaration, release).decode(blob.value);
}
