/**
 * Naples, of 2019: runtime records of version 2, firmware UEFI.
 *
 * Source: xen-api as of 2019, ocaml/xenopsd/xc/xenops_server_xen.ml.
 *
 * @module
 */
import { after } from "./release.ts";
import { RELEASE_LIMA } from "./release_lima.ts";

export const RELEASE_NAPLES = after(RELEASE_LIMA, {
  name: "naples",
  date: "2019-06",
  meaning: "runtime records of version 2; firmware UEFI",
  adds: { hvm: ["firmware"] },
  extraVersion: 2,
  image: {
    reader: {
      ...RELEASE_LIMA.image.reader,
      units: [...RELEASE_LIMA.image.reader.units, "Varstored"],
    },
  },
});
