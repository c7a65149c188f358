/**
 * The newest xenopsd that is known: disks that may be attached early.
 *
 * Source: facts on xenopsd, interface, section 3 (2025-04); xen-api e2ee48d688; semantics, C19.
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
