/**
 * Xenopsd before there were units in suspend images: XenServer 6.2.
 *
 * Source: xen-api as of 2013, ocaml/xenopsd/lib/suspend_image.ml (legacy image) and
 * ocaml/xenopsd/xc/xenops_server_xen.ml.
 *
 * @module
 */
import { READER } from "../suspend_image/mod.ts";
import { onlyTraditional } from "./platform_device.ts";
import type { Release } from "./release.ts";
import { SPLIT_FILE } from "./split_file.ts";

export const RELEASE_2013: Release = {
  name: "2013",
  date: "2013-06",
  meaning: "legacy images, disks called hda, a runtime record in two parts",
  lacks: {
    metadata: ["vgpus", "vusbs"],
    vm: ["has_vendor_device", "generation_id", "on_softreboot"],
    hvm: ["firmware", "tpm"],
    vbd: ["can_attach_early"],
    persistent: [
      "version",
      "domain_config",
      "profile",
      "original_profile",
      "nested_virt",
      "pci_msitranslate",
      "pci_power_mgmt",
      "xen_platform",
      "platformdata",
      // These are in the part that is not persistent.
      "suspend_memory_bytes",
      "qemu_vbds",
      "qemu_vifs",
      "pv_drivers_detected",
    ],
  },
  kinds: ["HVM", "PV"],
  extraVersion: 0,
  diskPrefix: "hd",
  image: {
    layout: "legacy",
    reader: { ...READER, layouts: ["legacy"], units: [] },
  },
  withoutCookies: new Set(["final_id", "vgpu_migration", "mem_migration", "memory_total_source"]),
  file: SPLIT_FILE,
  platformDevice: onlyTraditional,
};
