/**
 * A state unit whose state is one message: the device as the guest has programmed it, or as it is
 * at power-on until a restore.
 *
 * Source: vm/vmcore/src/save_restore.rs (`SavedStateBlob`); facts/openhcl/schemas.md, fixed shapes.
 *
 * @module
 */
import { ChainError, RestoreError } from "../machine/mod.ts";
import { codecFor, MeshError, type Value } from "../mesh/mod.ts";
import type { SavedStateBlob } from "../openhcl_state/mod.ts";
import type { Message } from "../schema/message.ts";
import type { StateUnit } from "./state_units.ts";

/** Turns a unit's state into a blob and back. */
export interface BlobCodec<V> {
  pack(state: V): SavedStateBlob;
  /** Throws a {@linkcode RestoreError} with mesh's reason. */
  unpack(blob: SavedStateBlob): V;
}

const TYPE_URL_PREFIX = "type.googleapis.com/";

/** Blobs of `message` as `release` writes and reads them. */
export function blobsOf<M extends Message>(message: M, release: string): BlobCodec<Value<M>> {
  const codec = codecFor(message, release);
  const typeUrl = TYPE_URL_PREFIX + message.name;
  return {
    pack: (state) => ({ type_url: typeUrl, value: codec.encode(state) }),
    unpack(blob) {
      checkType(blob, typeUrl);
      try {
        return codec.decode(blob.value);
      } catch (error) {
        throw undecodable(error);
      }
    },
  };
}

/** Blobs of a message that is not modelled: its octets are kept. */
export function opaqueBlobs(messageName: string): BlobCodec<Uint8Array> {
  const typeUrl = TYPE_URL_PREFIX + messageName;
  return {
    pack: (value) => ({ type_url: typeUrl, value }),
    unpack(blob) {
      checkType(blob, typeUrl);
      return blob.value;
    },
  };
}

function checkType({ type_url: actual }: SavedStateBlob, expected: string): void {
  if (actual.replace(/^https:\/\//, "") === expected) return;
  const [want, got] = [expected, actual].map((url) => url.slice(url.lastIndexOf("/") + 1));
  const reason = `protobuf type mismatch, expected ${want}, got ${got}`;
  throw new RestoreError("failed to decode protobuf", new ChainError(reason));
}

function undecodable(error: unknown): Error {
  if (!(error instanceof MeshError)) return error instanceof Error ? error : new Error(`${error}`);
  return new RestoreError("failed to decode protobuf", decodeError(error));
}

/** mesh's own rendering of a failure to decode. */
export function decodeError({ path, reason }: MeshError): ChainError {
  return new ChainError(`decoding failed in ${path}`, new ChainError(reason));
}

/** Where a unit's state lives. */
export interface Cell<V> {
  get(): V;
  set(state: V): void;
}

/** A cell of its own. */
export function cellOf<V>(initial: V): Cell<V> {
  let state = initial;
  return {
    get: () => state,
    set(next) {
      state = next;
    },
  };
}

/** What makes up a {@linkcode unitOf}. */
export interface UnitParts<V> {
  readonly name: string;
  readonly dependencies?: readonly string[];
  readonly blobs: BlobCodec<V>;
  readonly cell: Cell<V>;
  /** What of the state a guest can see; null for nothing. */
  content(state: V): Uint8Array | string | null;
  /** Runs before the state is taken over. */
  adopt?(state: V): void;
}

/** A unit around one message. */
export function unitOf<V>(parts: UnitParts<V>): StateUnit {
  const { name, dependencies = [], blobs, cell } = parts;
  return {
    name,
    dependencies,
    save: () => blobs.pack(cell.get()),
    restore(blob) {
      const state = blobs.unpack(blob);
      parts.adopt?.(state);
      cell.set(state);
    },
    postRestore() {},
    content: () => parts.content(cell.get()),
  };
}

/** A unit without state: left out of every save. */
export function statelessUnit(name: string, dependencies: readonly string[] = []): StateUnit {
  return {
    name,
    dependencies,
    save: () => null,
    restore() {
      throw new RestoreError("unexpected saved state");
    },
    postRestore() {},
    content: () => null,
  };
}
