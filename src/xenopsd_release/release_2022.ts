/**
 * Xenopsd of the middle of 2022: platform data of the running guest, generation id, virtual TPMs.
 *
 * Source: xen-api as of 2022, ocaml/xapi-idl/xen, ocaml/xenopsd/lib/suspend_image.ml and
 * ocaml/xenopsd/xc/xenops_server_xen.ml.
 *
 * @module
 */
import { after } from "./release.ts";
import { RELEASE_NAPLES } from "./release_naples.ts";

export const RELEASE_2022 = after(RELEASE_NAPLES, {
  name: "2022",
  date: "2022-06",
  meaning: "platform data in runtime records, generation id, TPMs whose state is as it is",
  adds: { vm: ["generation_id"], hvm: ["tpm"], persistent: ["platformdata"] },
  kinds: ["HVM", "PV", "PVinPVH", "PVH"],
  withoutCookies: new Set(["memory_total_source"]),
  image: {
    tpmUnit: "Swtpm0",
    reader: {
      ...RELEASE_NAPLES.image.reader,
      units: [...RELEASE_NAPLES.image.reader.units, "Swtpm0"],
    },
  },
});
