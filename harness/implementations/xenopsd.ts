/**
 * The versions of xenopsd's metadata, as a model that looks after whole VMs.
 *
 * @module
 */
import { KNOWN } from "../../suites/known/xenopsd_versions.ts";
import { XENOPSD_SUITES } from "../../suites/mod.ts";
import { xenopsdAdapter, xenopsdSpace } from "../adapters/xenopsd_versions/mod.ts";
import type { Implementation } from "../cli/product.ts";

export const xenopsd: Implementation = {
  adapter: xenopsdAdapter,
  space: xenopsdSpace,
  suites: XENOPSD_SUITES,
  oracles: [],
  expectations: KNOWN,
  codec: "xenopsd",
  recordings: {},
  // Nothing in metadata tells one migration from another.
  correlationIdOf: () => undefined,
};
