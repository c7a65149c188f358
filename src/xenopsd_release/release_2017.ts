/**
 * Xenopsd with units in suspend images, before there was a version in runtime records.
 *
 * Source: xen-api as of 2017, ocaml/xenopsd/lib/suspend_image.ml and
 * ocaml/xenopsd/xc/xenops_server_xen.ml.
 *
 * @module
 */
import { after } from "./release.ts";
import { RELEASE_2013 } from "./release_2013.ts";

export const RELEASE_2017 = after(RELEASE_2013, {
  name: "2017",
  date: "2017-06",
  meaning: "images of units; disks called xvda",
  adds: {
    metadata: ["vgpus"],
    vm: ["has_vendor_device"],
    persistent: ["nested_virt", "pci_msitranslate", "pci_power_mgmt"],
  },
  diskPrefix: "xvd",
  image: {
    layout: "v2",
    reader: {
      ...RELEASE_2013.image.reader,
      layouts: ["v2", "legacy"],
      units: ["Xenops", "Libxc", "Libxl", "Libxc_legacy", "Qemu_trad", "Qemu_xen", "End_of_image"],
    },
  },
});
