/**
 * Emulated devices and firmware as state units: what the guest has programmed into each one before
 * the first save, and what each one is at power-on.
 *
 * Source: facts/openhcl/semantics.md, State units (names), schemas.md (messages). Devices whose
 * messages take no part in servicing's logic are opaque octets under their own type URL.
 *
 * @module
 */
import type { VirtualClock } from "../machine/mod.ts";
import { UefiSavedState, VmTimeSavedState } from "../openhcl_state/mod.ts";
import type { Shape } from "../schema/message.ts";
import { blobsOf, opaqueBlobs } from "./blob.ts";
import { commonContent } from "./common_content.ts";
import type { StateUnit } from "./state_units.ts";
import { type Cell, cellOf, unitOf } from "./unit_cell.ts";

/** Devices of every VM, and those of a PCAT one, with the names of their messages. */
const CHIPSET: readonly (readonly [name: string, message: string])[] = [
  ["rtc", "chipset.cmos_rtc.SavedState"],
  ["pic", "chipset.pic.SavedState"],
  ["pit", "chipset.pit.SavedState"],
];

const PCAT_CHIPSET: typeof CHIPSET = [
  ["440bx-host-pci-bridge", "chipset.i440bx.host_pci_bridge.SavedState"],
  ["piix4-pci-isa-bridge", "chipset.piix4.pci_isa_bridge.SavedState"],
  ["piix4-pci-bus", "chipset.piix4.pci_bus.SavedState"],
  ["piix4-pm", "chipset.piix4.pm.SavedState"],
];

/** What a guest writes into each of them: field 1, a varint. */
const PROGRAMMED = [...CHIPSET, ...PCAT_CHIPSET].map((_, index) => Uint8Array.of(8, 0x10 + index));

/** The empty message. */
const POWER_ON = new Uint8Array(0);

/** Emulated devices: `programmed` by a guest, or as they are at power-on. */
export function chipsetUnits(pcat: boolean, programmed: boolean): StateUnit[] {
  const devices = pcat ? [...CHIPSET, ...PCAT_CHIPSET] : CHIPSET;
  return devices.map(([name, message], index) =>
    unitOf({
      name,
      dependencies: ["chipset"],
      blobs: opaqueBlobs(message),
      cell: cellOf(programmed ? (PROGRAMMED[index] ?? POWER_ON) : POWER_ON),
      content: (state) => state,
    }),
  );
}

/** The VM's own time goes on with the virtual clock from where it stopped. */
export function vmtimeUnit(release: string, clock: VirtualClock): StateUnit {
  let offset = 0n;
  const now = () => BigInt(clock.nowUs) * 10n;
  return unitOf({
    name: "vmtime",
    blobs: blobsOf(VmTimeSavedState, release),
    cell: {
      get: () => ({ vmtime: now() + offset }),
      set: ({ vmtime }) => {
        offset = vmtime - now();
      },
    },
    content: () => null,
  });
}

const uefiContent = commonContent(UefiSavedState);

/** Firmware. The level of its log is configured, and saved since 1.7. */
export function uefiUnit(release: string, cell: Cell<UefiState>): StateUnit {
  return unitOf({
    name: "uefi",
    dependencies: ["chipset"],
    blobs: blobsOf(UefiSavedState, release),
    cell,
    content: uefiContent,
  });
}

export type UefiState = Shape<typeof UefiSavedState>;
