/**
 * The newest xenopsd that is known: disks that may be attached early.
 *
 * Source: xen-api e2ee48d688, ocaml/xapi-idl/xen and ocaml/xenopsd/lib/xenops_migrate.ml.
 *
 * @module
 */
import { after } from "./release.ts";
import { RELEASE_2023 } from "./release_2023.ts";

export const RELEASE_2026 = after(RELEASE_2023, {
  name: "2026",
  date: "2026-08",
  meaning: "can_attach_early; the memory of the source in a migration",
  withoutCookies: new Set(),
  adds: { vbd: ["can_attach_early"] },
});
