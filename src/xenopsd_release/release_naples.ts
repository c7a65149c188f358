/**
 * Naples, of 2019: runtime records of version 2, firmware UEFI.
 *
 * Source: facts on xenopsd, semantics, C4 and C5.
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
