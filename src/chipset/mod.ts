/**
 * The chipset: emulated devices by their registers, as a guest sees them and as they are saved.
 *
 * @module
 */
export { PCAT_CHIPSET, UEFI_CHIPSET } from "./chipsets.ts";
export { programmed, type RegisterFile, registersOf } from "./guest_program.ts";
export { HOST_PCI_BRIDGE, type HostPciBridge } from "./i440bx.ts";
export { type GpaState, gpaStates, PAM_RANGES } from "./pam_ranges.ts";
export type { DeviceModel } from "./register.ts";
export { withSplitPciConfig } from "./split_pci_config.ts";
export { nvOf, TPM } from "./tpm.ts";
export { LOG_LEVEL_CONFIGURED, UEFI } from "./uefi.ts";
