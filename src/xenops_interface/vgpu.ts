/**
 * Virtual graphics devices.
 *
 * Source: xen-api, `xenops_interface.ml`, `xenops_types.ml`. The addresses within an implementation
 * are where they stood before 2017; readers take them for the one of the record.
 *
 * @module
 */
import { BOOL, INT, INT64, STRING, type TypeOf } from "./codec.ts";
import { DEVICE_ID } from "./device_id.ts";
import { PCI_ADDRESS } from "./pci.ts";
import { defaulted, masked, optional, record } from "./record.ts";
import { variant } from "./variant.ts";

const IMPLEMENTATION = variant(
  "an implementation",
  {
    GVT_g: record("a GVT_g", {
      physical_pci_address: optional(PCI_ADDRESS),
      low_gm_sz: INT64,
      high_gm_sz: INT64,
      fence_sz: INT64,
      monitor_config_file: optional(STRING),
    }),
    Nvidia: record("an Nvidia", {
      physical_pci_address: optional(PCI_ADDRESS),
      config_file: optional(STRING),
      virtual_pci_address: defaulted(PCI_ADDRESS, { domain: 0, bus: 0, dev: 11, fn: 0 }),
      type_id: optional(STRING),
      uuid: optional(STRING),
      extra_args: defaulted(STRING, ""),
    }),
    MxGPU: record("an MxGPU", {
      physical_function: optional(PCI_ADDRESS),
      vgpus_per_pgpu: INT64,
      framebufferbytes: INT64,
    }),
    Empty: null,
  },
  "Empty",
);

export const VGPU = record("a VGPU", {
  id: defaulted(DEVICE_ID, ["", ""]),
  position: defaulted(INT, 0),
  virtual_pci_address: masked(PCI_ADDRESS),
  physical_pci_address: defaulted(PCI_ADDRESS, { domain: 0, bus: 0, dev: 0, fn: 0 }),
  implementation: defaulted(IMPLEMENTATION, "Empty"),
});
export type Vgpu = TypeOf<typeof VGPU>;

export const VGPU_STATE = record("the state of a VGPU", {
  active: BOOL,
  plugged: BOOL,
  emulator_pid: optional(INT),
});
export type VgpuState = TypeOf<typeof VGPU_STATE>;

/** Takes the address that an older writer put into the implementation for that of the record. */
export function upgradePciInfo(vgpu: Vgpu): Vgpu {
  const { implementation } = vgpu;
  if (implementation === "Empty") return vgpu;
  const [tag, inner] = implementation;
  const address = tag === "MxGPU" ? inner.physical_function : inner.physical_pci_address;
  return address === undefined ? vgpu : { ...vgpu, physical_pci_address: address };
}
