/**
 * Blobs: messages that only their type URL tells, as one release writes and reads them.
 *
 * Source: vm/vmcore/src/save_restore.rs (`SavedStateBlob`),
 * support/mesh/mesh_protobuf/src/message.rs.
 *
 * @module
 */
import { OctetMap } from "../bytes/octet_map.ts";
import { ChainError, RestoreError } from "../machine/mod.ts";
import { codecFor, MeshError, type Value } from "../mesh/mod.ts";
import type { SavedStateBlob } from "../openhcl_state/mod.ts";
import type { Message } from "../schema/message.ts";

/** Turns a unit's state into a blob and back. */
export interface BlobCodec<V> {
  pack(state: V): SavedStateBlob;
  /** Throws a {@linkcode RestoreError} with mesh's reason. */
  unpack(blob: SavedStateBlob): V;
}

const TYPE_URL_PREFIX = "type.googleapis.com/";

const known = new WeakMap<Message, Map<string, unknown>>();

/** Blobs of `message` as `release` writes and reads them. */
export function blobsOf<M extends Message>(message: M, release: string): BlobCodec<Value<M>> {
  const byRelease = known.get(message) ?? new Map<string, unknown>();
  known.set(message, byRelease);
  const blobs = byRelease.get(release) ?? newBlobs(message, release);
  byRelease.set(release, blobs);
  return blobs as BlobCodec<Value<M>>;
}

function newBlobs<M extends Message>(message: M, release: string): BlobCodec<Value<M>> {
  const codec = codecFor(message, release);
  const typeUrl = TYPE_URL_PREFIX + message.name;
  return {
    pack: perState((state: Value<M>) => ({ type_url: typeUrl, value: codec.encode(state) })),
    unpack: perBlob((blob) => {
      checkType(blob, typeUrl);
      try {
        return codec.decode(blob.value);
      } catch (error) {
        throw undecodable(error);
      }
    }),
  };
}

/** States that are remembered for each codec: those of the writers that readers come back to. */
const STATES_MAX = 16;

/**
 * `work`, done once for each content of a blob, with the same state for all who ask: what was
 * derived from it for one VM serves the next. What `work` refuses is refused each time.
 */
export function perBlob<V>(work: (blob: SavedStateBlob) => V): (blob: SavedStateBlob) => V {
  const byUrl = new Map<string, OctetMap<{ readonly state: V }>>();
  // Most blobs come again as the same objects, whose octets need not be compared.
  return perState((blob) => {
    const { type_url: url, value } = blob;
    const known = byUrl.get(url)?.get(value);
    if (known !== undefined) return known.state;
    const state = work(blob);
    // Only the few URLs that `work` accepts come this far.
    const states = byUrl.get(url) ?? new OctetMap(STATES_MAX);
    byUrl.set(url, states);
    states.add(value, { state });
    return state;
  });
}

/**
 * `work`, done once for each state. States are never changed, only replaced, and those that a
 * guest has before its first save are the same objects for every VM.
 */
export function perState<V, R>(work: (state: V) => R): (state: V) => R {
  const done = new WeakMap<object, R>();
  return (state) => {
    if (typeof state !== "object" || state === null) return work(state);
    const known = done.get(state);
    if (known !== undefined) return known;
    const result = work(state);
    done.set(state, result);
    return result;
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
  if (actual === expected || actual === `https://${expected}`) return;
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
