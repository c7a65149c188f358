/**
 * What is exported and imported of a VM: configuration, devices, and an opaque record of how it
 * runs.
 *
 * Source: xen-api, `xenops_interface.ml`.
 *
 * @module
 */
import { STRING, type TypeOf } from "./codec.ts";
import { PCI } from "./pci.ts";
import { defaulted, masked, record } from "./record.ts";
import { list } from "./shapes.ts";
import { VBD } from "./vbd.ts";
import { VGPU } from "./vgpu.ts";
import { VIF } from "./vif.ts";
import { VM } from "./vm.ts";
import { VUSB } from "./vusb.ts";

export const METADATA = record("metadata", {
  vm: VM,
  vbds: defaulted(list(VBD), []),
  vifs: defaulted(list(VIF), []),
  pcis: defaulted(list(PCI), []),
  vgpus: defaulted(list(VGPU), []),
  vusbs: defaulted(list(VUSB), []),
  /** JSON text, private to the backend. */
  domains: masked(STRING),
});
export type Metadata = TypeOf<typeof METADATA>;
