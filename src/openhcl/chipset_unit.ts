/**
 * An emulated device as a state unit, with the registers that its guest uses.
 *
 * Source: vmm_core/vmotherboard (one unit for each device of the chipset).
 *
 * @module
 */
import {
  HOST_PCI_BRIDGE,
  type HostPciBridge,
  PCAT_CHIPSET,
  type RegisterFile,
  UEFI_CHIPSET,
  withSplitPciConfig,
} from "../chipset/mod.ts";
import type { SavedStateBlob } from "../openhcl_state/mod.ts";
import type { Message } from "../schema/message.ts";
import { ChipsetDevice, type DeviceState } from "./chipset_device.ts";
import type { StateUnit } from "./state_units.ts";

/** How PCI functions are saved: as a `whole`, or `split` by type (PR 2603). */
export type PciState = "whole" | "split";

/** A device of the chipset. */
export interface ChipsetUnit extends StateUnit {
  /** What it would save. */
  state(): object;
  /** What the guest reads of it. */
  registers(): RegisterFile;
  /** The guest programs it, or changes it; see `programmed()`. */
  program(seed: number, turn: number, vmTime: bigint): void;
}

type AnyDevice = ChipsetDevice<object, Message>;
type AnyState = DeviceState<object, Message>;
type Follow = (state: object) => void;

/** What every device of the chipset depends on. */
export const ON_CHIPSET: readonly string[] = ["chipset"];

class DeviceUnit implements ChipsetUnit {
  readonly name: string;
  readonly dependencies = ON_CHIPSET;
  readonly #device: AnyDevice;
  readonly #release: string;
  readonly #follow: Follow | null;
  #now: AnyState;

  /** `follow` is told of every new state. */
  constructor(device: AnyDevice, release: string, follow: Follow | null) {
    this.name = device.model.unit;
    this.#device = device;
    this.#release = release;
    this.#follow = follow;
    this.#now = device.powerOn;
  }

  state(): object {
    return this.#now.value;
  }

  save(): SavedStateBlob {
    return this.#now.pack(this.#release);
  }

  restore(blob: SavedStateBlob): void {
    this.#goTo(this.#device.unpack(this.#release, blob));
  }

  postRestore(): void {}

  content(): Uint8Array {
    return this.#now.content;
  }

  registers(): RegisterFile {
    return this.#now.registers;
  }

  program(seed: number, turn: number, vmTime: bigint): void {
    this.#goTo(this.#now.programmed(seed, turn, vmTime));
  }

  #goTo(next: AnyState): void {
    this.#now = next;
    this.#follow?.(next.value);
  }
}

/**
 * The devices of a machine as they are at power-on. `follow` is told of the states of the host
 * bridge.
 */
export function chipsetUnits(
  release: string,
  pcat: boolean,
  pciState: PciState,
  follow: (bridge: HostPciBridge) => void,
): ChipsetUnit[] {
  const pcatDevices = pciState === "whole" ? PCAT_DEVICES : SPLIT_DEVICES;
  return (pcat ? pcatDevices : UEFI_DEVICES).map((device) => {
    const isBridge = device.model.unit === HOST_PCI_BRIDGE.unit;
    return new DeviceUnit(device, release, isBridge ? (follow as Follow) : null);
  });
}

const UEFI_DEVICES = UEFI_CHIPSET.map((model): AnyDevice => new ChipsetDevice(model));
const PCAT_DEVICES = PCAT_CHIPSET.map((model): AnyDevice => new ChipsetDevice(model));
const SPLIT_DEVICES = PCAT_CHIPSET.map(
  (model): AnyDevice => new ChipsetDevice(withSplitPciConfig(model)),
);
