/**
 * An emulated device as a state unit, with the registers that its guest uses. What follows from a
 * state alone is worked out once for it: most machines have the same ones.
 *
 * Source: vmm_core/vmotherboard (one unit for each device of the chipset).
 *
 * @module
 */
import {
  type DeviceModel,
  HOST_PCI_BRIDGE,
  type HostPciBridge,
  PCAT_CHIPSET,
  programmed,
  type RegisterFile,
  registersOf,
  UEFI_CHIPSET,
} from "../chipset/mod.ts";
import { codecFor } from "../mesh/mod.ts";
import type { Message } from "../schema/message.ts";
import { type BlobCodec, blobsOf, perBlob, perState } from "./blob.ts";
import { COMMON_RELEASE } from "./common_content.ts";
import type { StateUnit } from "./state_units.ts";
import { cellOf, unitOf } from "./unit_cell.ts";

/** A device of the chipset. */
export interface ChipsetUnit extends StateUnit {
  /** What it would save. */
  state(): object;
  /** What the guest reads of it. */
  registers(): RegisterFile;
  /** The guest programs it, or changes it; see `programmed()`. */
  program(seed: number, turn: number, vmTime: bigint): void;
}

type Model = DeviceModel<object, Message>;

/** The unit of `model` as `release` saves it. `follow` is told of every new state. */
function chipsetUnit(
  release: string,
  model: Model,
  follow: (state: object) => void = () => {},
): ChipsetUnit {
  const device = deviceOf(model);
  const cell = cellOf(model.powerOn);
  const unit = unitOf({
    name: model.unit,
    dependencies: ["chipset"],
    blobs: device.blobs(release),
    cell,
    content: device.content,
    adopt: follow,
  });
  return {
    ...unit,
    state: () => cell.get(),
    registers: () => device.registers(cell.get()),
    program(seed, turn, vmTime) {
      const state = device.programmed(cell.get(), seed, turn, vmTime);
      cell.set(state);
      follow(state);
    },
  };
}

/**
 * The devices of a machine as they are at power-on. `follow` is told of the states of the host
 * bridge.
 */
export function chipsetUnits(
  release: string,
  pcat: boolean,
  follow: (bridge: HostPciBridge) => void,
): ChipsetUnit[] {
  return (pcat ? PCAT_CHIPSET : UEFI_CHIPSET).map((model) =>
    model.unit === HOST_PCI_BRIDGE.unit
      ? chipsetUnit(release, model, (state) => follow(state as HostPciBridge))
      : chipsetUnit(release, model),
  );
}

/** What is known of a model, for all machines that have it. */
class Device {
  readonly content: (state: object) => Uint8Array;
  readonly registers: (state: object) => RegisterFile;
  readonly #model: Model;
  readonly #blobs = new Map<string, BlobCodec<object>>();
  readonly #turns: ((state: object) => object)[] = [];

  constructor(model: Model) {
    this.#model = model;
    const codec = codecFor(model.message, COMMON_RELEASE);
    this.content = perState((state: object) => codec.encode(model.save(state)));
    this.registers = perState((state: object) => registersOf(model, state));
  }

  blobs(release: string): BlobCodec<object> {
    const blobs = this.#blobs.get(release) ?? newBlobs(this.#model, release);
    this.#blobs.set(release, blobs);
    return blobs;
  }

  programmed(state: object, seed: number, turn: number, vmTime: bigint): object {
    const model = this.#model;
    // What depends on the instant is not worth remembering.
    if (model.touch !== undefined) return programmed(model, state, seed, turn, vmTime);
    const key = seed * TURNS_MAX + turn;
    this.#turns[key] ??= perState((was: object) => programmed(model, was, seed, turn, vmTime));
    return this.#turns[key](state);
  }
}

/** Turns that are told apart in memory; a path has fewer hops. */
const TURNS_MAX = 64;

function newBlobs(model: Model, release: string): BlobCodec<object> {
  const blobs = blobsOf(model.message, release);
  return {
    pack: perState((state: object) => blobs.pack(model.save(state))),
    unpack: perBlob((blob) => model.restore(blobs.unpack(blob))),
  };
}

const devices = new Map<Model, Device>();

function deviceOf(model: Model): Device {
  const device = devices.get(model) ?? new Device(model);
  devices.set(model, device);
  return device;
}
