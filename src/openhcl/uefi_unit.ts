/**
 * The firmware of a UEFI machine as a state unit: the device, and the variables inside its state.
 *
 * Source: vm/devices/firmware/firmware_uefi/src/lib.rs, service/nvram.
 *
 * @module
 */
import { UEFI } from "../chipset/mod.ts";
import { UefiSavedState } from "../openhcl_state/mod.ts";
import { blobsOf, perState } from "./blob.ts";
import { ChipsetDevice, DeviceState } from "./chipset_device.ts";
import { type ChipsetUnit, ON_CHIPSET } from "./chipset_unit.ts";
import { type Nvram, savedVariables } from "./nvram.ts";
import type { Variable } from "./nvram_file.ts";
import { perPair } from "./per_pair.ts";

/**
 * What a state that does not tell of variables stands for: those in the `file`, or `none`, as a
 * plain list that is empty would (PR 1697).
 */
export type AbsentVariables = "file" | "none";

export interface UefiUnit extends ChipsetUnit {
  readonly nvram: Nvram;
  /** The device, whose state has no variables in it. */
  state(): UefiSavedState;
}

/** Firmware. The level of its log is configured, and saved since 1.7. */
export function uefiUnit(
  release: string,
  nvram: Nvram,
  absent: AbsentVariables = "file",
): UefiUnit {
  const blobs = blobsOf(UefiSavedState, release);
  let now = DEVICE.powerOn;
  return {
    name: UEFI.unit,
    dependencies: ON_CHIPSET,
    nvram,
    state: () => now.value,
    save: () => blobs.pack(withVariables(now.value, nvram.save())),
    restore(blob) {
      const saved = blobs.unpack(blob);
      const variables = savedVariables(saved.nvram.services.storage);
      nvram.restore(variables ?? (absent === "none" ? [] : null));
      now = withoutVariables(saved);
    },
    postRestore() {},
    content: () => now.content,
    registers: () => now.registers,
    program(seed, turn, vmTime) {
      now = now.programmed(seed, turn, vmTime);
    },
  };
}

const DEVICE = new ChipsetDevice(UEFI);

const withVariables = perPair((state: UefiSavedState, variables: readonly Variable[]) =>
  withStorage(state, [...variables]),
);

const withoutVariables = perState(
  (saved: UefiSavedState) => new DeviceState(UEFI, withStorage(saved, null)),
);

function withStorage(state: UefiSavedState, nvram: Variable[] | null): UefiSavedState {
  const services = { ...state.nvram.services, storage: { nvram } };
  return { ...state, nvram: { ...state.nvram, services } };
}
