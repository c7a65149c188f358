/**
 * What the PAM registers of the host bridge ask for: for each of 13 ranges below 1 MiB, whether
 * reads and writes go to memory or to ROM.
 *
 * Source: vm/devices/chipset_legacy/src/i440bx_host_pci_bridge.rs (`pam`); section 3.3 of the 440BX
 * data sheet.
 *
 * @module
 */
import type { HostPciBridge } from "./i440bx.ts";

/** `Mmio`: both to ROM; `WriteProtected`: reads to memory; `WriteOnly`: writes to memory. */
export type GpaState = "Mmio" | "WriteProtected" | "WriteOnly" | "Writable";

const STATES: readonly GpaState[] = ["Mmio", "WriteProtected", "WriteOnly", "Writable"];

/** Ranges of the registers, in their order. */
export const PAM_RANGES = 13;

/** Fields of four bits; the first three are none. */
const FIRST_FIELD = 3;

/** The state of each range. */
export function gpaStates({ pam_reg1: low, pam_reg2: high }: HostPciBridge): GpaState[] {
  return Array.from({ length: PAM_RANGES }, (_, range) => {
    const field = range + FIRST_FIELD;
    const bits = field < 8 ? low >>> (field * 4) : high >>> ((field - 8) * 4);
    return STATES[bits & 3] ?? "Mmio";
  });
}
