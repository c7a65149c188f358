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
import { ChipsetDevice } from "./chipset_device.ts";
import type { ChipsetUnit } from "./chipset_unit.ts";
import { type Nvram, savedVariables } from "./nvram.ts";
import type { Variable } from "./nvram_file.ts";
import { perPair } from "./per_pair.ts";

export interface UefiUnit extends ChipsetUnit {
  readonly nvram: Nvram;
  /** The device, whose state has no variables in it. */
  state(): UefiSavedState;
}

/** Firmware. The level of its log is configured, and saved since 1.7. */
export function uefiUnit(release: string, nvram: Nvram): UefiUnit {
  const blobs = blobsOf(UefiSavedState, release);
  let state = UEFI.powerOn;
  return {
    name: UEFI.unit,
    dependencies: ["chipset"],
    nvram,
    state: () => state,
    save: () => blobs.pack(withVariables(state, nvram.save())),
    restore(blob) {
      const saved = blobs.unpack(blob);
      nvram.restore(savedVariables(saved.nvram.services.storage));
      state = withoutVariables(saved);
    },
    postRestore() {},
    content: () => DEVICE.content(state),
    registers: () => DEVICE.registers(state),
    program(seed, turn, vmTime) {
      state = DEVICE.programmed(state, seed, turn, vmTime);
    },
  };
}

const DEVICE = new ChipsetDevice(UEFI);

const withVariables = perPair((state: UefiSavedState, variables: readonly Variable[]) =>
  withStorage(state, [...variables]),
);

const withoutVariables = perState((saved: UefiSavedState) => withStorage(saved, null));

function withStorage(state: UefiSavedState, nvram: Variable[] | null): UefiSavedState {
  const services = { ...state.nvram.services, storage: { nvram } };
  return { ...state, nvram: { ...state.nvram, services } };
}
