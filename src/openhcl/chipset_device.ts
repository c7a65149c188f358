/**
 * What follows from the state of an emulated device alone, worked out once for each state: most
 * machines have the same ones.
 *
 * @module
 */
import { type DeviceModel, programmed, type RegisterFile, registersOf } from "../chipset/mod.ts";
import { codecFor, type Value } from "../mesh/mod.ts";
import type { Message, Shape } from "../schema/message.ts";
import { type BlobCodec, blobsOf, perBlob, perState } from "./blob.ts";
import { COMMON_RELEASE } from "./common_content.ts";

/** A model, for all machines that have it. */
export class ChipsetDevice<S extends object, M extends Message> {
  /** The octets of a state that the oldest release keeps, too. */
  readonly content: (state: S) => Uint8Array;
  readonly registers: (state: S) => RegisterFile;
  readonly #model: DeviceModel<S, M>;
  readonly #blobs = new Map<string, BlobCodec<S>>();
  readonly #turns: ((state: S) => S)[] = [];

  constructor(model: DeviceModel<S, M>) {
    this.#model = model;
    const codec = codecFor(model.message, COMMON_RELEASE);
    this.content = perState((state: S) => codec.encode(model.save(state) as Value<M>));
    this.registers = perState((state: S) => registersOf(model, state));
  }

  /** Blobs of the device as `release` writes and reads them. */
  blobs(release: string): BlobCodec<S> {
    const blobs = this.#blobs.get(release) ?? newBlobs(this.#model, release);
    this.#blobs.set(release, blobs);
    return blobs;
  }

  /** See `programmed()`. */
  programmed(state: S, seed: number, turn: number, vmTime: bigint): S {
    const model = this.#model;
    // What depends on the instant is not worth remembering.
    if (model.touch !== undefined) return programmed(model, state, seed, turn, vmTime);
    const key = seed * TURNS_MAX + turn;
    this.#turns[key] ??= perState((was: S) => programmed(model, was, seed, turn, vmTime));
    return this.#turns[key](state);
  }
}

/** Turns that are told apart in memory; a path has fewer hops. */
const TURNS_MAX = 64;

function newBlobs<S extends object, M extends Message>(
  model: DeviceModel<S, M>,
  release: string,
): BlobCodec<S> {
  const blobs = blobsOf(model.message, release);
  return {
    pack: perState((state: S) => blobs.pack(model.save(state) as Value<M>)),
    unpack: perBlob((blob) => model.restore(blobs.unpack(blob) as Shape<M>)),
  };
}

type AnyDevice = ChipsetDevice<object, Message>;

const devices = new Map<object, AnyDevice>();

/** The same one for the same model. */
export function deviceOf(model: DeviceModel<object, Message>): AnyDevice {
  const device = devices.get(model) ?? new ChipsetDevice(model);
  devices.set(model, device);
  return device;
}
