/**
 * Lima, of 2018: the runtime record is in one part and has a version.
 *
 * Source: xen-api as of 2018, ocaml/xenopsd/xc/xenops_server_xen.ml.
 *
 * @module
 */
import { versioned } from "./platform_device.ts";
import { after } from "./release.ts";
import { RELEASE_2017 } from "./release_2017.ts";
import { WHOLE_FILE } from "./split_file.ts";

export const RELEASE_LIMA = after(RELEASE_2017, {
  name: "lima",
  date: "2018-03",
  meaning:
    "runtime records of version 1, in one part, with profile and configuration of the domain",
  adds: {
    metadata: ["vusbs"],
    persistent: [
      "version",
      "domain_config",
      "profile",
      "original_profile",
      "xen_platform",
      "suspend_memory_bytes",
      "qemu_vbds",
      "qemu_vifs",
      "pv_drivers_detected",
    ],
  },
  kinds: ["HVM", "PV", "PVinPVH"],
  extraVersion: 1,
  image: {
    reader: {
      ...RELEASE_2017.image.reader,
      units: [...RELEASE_2017.image.reader.units, "Demu"],
    },
  },
  withoutCookies: new Set(["mem_migration", "memory_total_source"]),
  file: WHOLE_FILE,
  platformDevice: versioned,
});
