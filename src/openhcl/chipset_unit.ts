/**
 * An emulated device as a state unit, with the registers that its guest uses.
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
  type RegisterFile,
  UEFI_CHIPSET,
} from "../chipset/mod.ts";
import type { Message } from "../schema/message.ts";
import { deviceOf } from "./chipset_device.ts";
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

/** The unit of `model` as `release` saves it. `follow` is told of every new state. */
function chipsetUnit(
  release: string,
  model: DeviceModel<object, Message>,
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
