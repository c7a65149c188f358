/**
 * The PCI bus of a PCAT machine: port 0xCF8 says which configuration register 0xCFC stands for.
 *
 * Source: vm/devices/pci/pci_bus, vm/devices/chipset_legacy/src/piix4_pci_bus.rs.
 *
 * @module
 */
import { Piix4PciBusSavedState } from "../openhcl_state/mod.ts";
import { type DeviceModel, held, within } from "./register.ts";

export const PIIX4_PCI_BUS: DeviceModel<Piix4PciBusSavedState, typeof Piix4PciBusSavedState> = {
  unit: "piix4-pci-bus",
  message: Piix4PciBusSavedState,
  powerOn: { bus: { pio_addr_reg: 0 } },
  registers: within("bus", { CONFIG_ADDRESS: held("pio_addr_reg", 0x80ff_fffc) }),
  save: (state) => state,
  restore: (saved) => saved,
};
