/**
 * Kinds of guests that cases add besides the plain one.
 *
 * @module
 */
import { PLAIN_HVM, type Vm } from "../../src/xenops_interface/mod.ts";

/** With a firmware that keeps variables, and a TPM. */
export const UEFI: Vm["ty"] = [
  "HVM",
  {
    ...PLAIN_HVM,
    firmware: ["Uefi", { on_boot: "Persist", backend: "xapidb" }],
    tpm: ["Vtpm", "tpm"],
  },
];

/** Without firmware and emulated devices. */
export const PV: Vm["ty"] = [
  "PV",
  {
    boot: ["Direct", { kernel: "/boot/vmlinuz", cmdline: "", ramdisk: undefined }],
    framebuffer: true,
    framebuffer_ip: undefined,
    vncterm: true,
    vncterm_ip: undefined,
    pci_passthrough: false,
  },
];
