/**
 * Xenopsd of the middle of 2023: soft reboots have an action, and the state of a TPM is base64.
 *
 * Source: xen-api as of 2023, ocaml/xapi-idl/xen and ocaml/xenopsd/lib/suspend_image.ml.
 *
 * @module
 */
import { after } from "./release.ts";
import { RELEASE_2022 } from "./release_2022.ts";

export const RELEASE_2023 = after(RELEASE_2022, {
  name: "2023",
  date: "2023-06",
  meaning: "on_softreboot; the state of a TPM in base64, in a unit of its own",
  adds: { vm: ["on_softreboot"] },
  image: {
    tpmUnit: "Swtpm",
    reader: {
      ...RELEASE_2022.image.reader,
      units: [...RELEASE_2022.image.reader.units, "Swtpm"],
    },
  },
});
