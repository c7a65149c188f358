/**
 * PCI devices that are passed through to a VM.
 *
 * Source: xen-api, `xenops_interface.ml`, `xcp_pci.ml`.
 *
 * @module
 */
import { BOOL, INT, type TypeOf } from "./codec.ts";
import { DEVICE_ID } from "./device_id.ts";
import { optional, record } from "./record.ts";

export const PCI_ADDRESS = record("a PCI address", { domain: INT, bus: INT, dev: INT, fn: INT });
export type PciAddress = TypeOf<typeof PCI_ADDRESS>;

export const PCI = record("a PCI device", {
  id: DEVICE_ID,
  position: INT,
  address: PCI_ADDRESS,
  msitranslate: optional(BOOL),
  power_mgmt: optional(BOOL),
});
export type Pci = TypeOf<typeof PCI>;

export const PCI_STATE = record("the state of a PCI device", { plugged: BOOL });
export type PciState = TypeOf<typeof PCI_STATE>;
