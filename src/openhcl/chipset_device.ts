/**
 * What follows from the state of an emulated device alone, worked out once for each state: most
 * machines have the same ones.
 *
 * @module
 */
import { type DeviceModel, programmed, type RegisterFile, registersOf } from "../chipset/mod.ts";
import { codecFor, type Value } from "../mesh/mod.ts";
import type { SavedStateBlob } from "../openhcl_state/mod.ts";
import type { Message, Shape } from "../schema/message.ts";
import { blobsOf, perBlob } from "./blob.ts";
import { COMMON_RELEASE } from "./common_content.ts";

/** Turns that are told apart in memory; a path has fewer hops. */
const TURNS_MAX = 64;

/** A state, and what follows from it. */
export class DeviceState<S extends object, M extends Message> {
  readonly value: S;
  readonly #model: DeviceModel<S, M>;
  #content: Uint8Array | null = null;
  #registers: RegisterFile | null = null;
  readonly #blobs = new Map<string, SavedStateBlob>();
  readonly #next = new Map<number, DeviceState<S, M>>();

  constructor(model: DeviceModel<S, M>, value: S) {
    this.#model = model;
    this.value = value;
  }

  /** The octets that the oldest release keeps, too. */
  get content(): Uint8Array {
    const { message, save } = this.#model;
    this.#content ??= codecFor(message, COMMON_RELEASE).encode(save(this.value) as Value<M>);
    return this.#content;
  }

  get registers(): RegisterFile {
    this.#registers ??= registersOf(this.#model, this.value);
    return this.#registers;
  }

  /** As `release` saves it. */
  pack(release: string): SavedStateBlob {
    const known = this.#blobs.get(release);
    if (known !== undefined) return known;
    const { message, save } = this.#model;
    const blob = blobsOf(message, release).pack(save(this.value) as Value<M>);
    this.#blobs.set(release, blob);
    return blob;
  }

  /** See `programmed()`. */
  programmed(seed: number, turn: number, vmTime: bigint): DeviceState<S, M> {
    const key = seed * TURNS_MAX + turn;
    const known = this.#next.get(key);
    if (known !== undefined) return known;
    const model = this.#model;
    const next = new DeviceState(model, programmed(model, this.value, seed, turn, vmTime));
    // What depends on the instant is not worth remembering.
    if (model.touch === undefined) this.#next.set(key, next);
    return next;
  }
}

/** A model, for all machines that have it. */
export class ChipsetDevice<S extends object, M extends Message> {
  readonly model: DeviceModel<S, M>;
  readonly powerOn: DeviceState<S, M>;
  readonly #unpack = new Map<string, (blob: SavedStateBlob) => DeviceState<S, M>>();

  constructor(model: DeviceModel<S, M>) {
    this.model = model;
    this.powerOn = new DeviceState(model, model.powerOn);
  }

  /** The state that `blob` is for `release`. Throws a `RestoreError` as the device does. */
  unpack(release: string, blob: SavedStateBlob): DeviceState<S, M> {
    const unpack = this.#unpack.get(release) ?? this.#newUnpack(release);
    return unpack(blob);
  }

  #newUnpack(release: string) {
    const { model } = this;
    const { unpack } = blobsOf(model.message, release);
    const remembered = perBlob(
      (blob) => new DeviceState(model, model.restore(unpack(blob) as Shape<M>)),
    );
    this.#unpack.set(release, remembered);
    return remembered;
  }
}
