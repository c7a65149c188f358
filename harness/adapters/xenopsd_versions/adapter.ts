/**
 * Drives the model of xenopsd as each of its releases.
 *
 * @module
 */
import { RELEASES } from "../../../src/xenopsd_release/mod.ts";
import type { Adapter } from "../../adapter.ts";
import { XenopsdRig } from "./rig.ts";
import { IMPLEMENTATION } from "./space.ts";

const CAPABILITIES: ReadonlySet<string> = new Set(["toolstack"]);

export const xenopsdAdapter: Adapter = {
  implementation: IMPLEMENTATION,
  releases: RELEASES.map(({ name }) => name),
  capabilities: () => CAPABILITIES,
  rig: (settings, seed) => Promise.resolve(new XenopsdRig(settings, seed)),
};
