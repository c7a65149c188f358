/**
 * The implementations that look after whole VMs: of each its adapter, its matrix, its suites and
 * what is known of it.
 *
 * @module
 */
import { KNOWN as XENOPSD_KNOWN } from "../suites/known/xenopsd_versions.ts";
import { XENOPSD_SUITES } from "../suites/mod.ts";
import { xenopsdAdapter, xenopsdSpace } from "./adapters/xenopsd_versions/mod.ts";
import type { Implementation } from "./cli/product.ts";

export const xenopsd: Implementation = {
  adapter: xenopsdAdapter,
  space: xenopsdSpace,
  suites: XENOPSD_SUITES,
  oracles: [],
  expectations: XENOPSD_KNOWN,
  codec: "xenopsd",
  recordings: {},
  // Nothing in metadata tells one migration from another.
  correlationIdOf: () => undefined,
};
