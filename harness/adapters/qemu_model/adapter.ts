/**
 * Drives the model of QEMU's migration design.
 *
 * @module
 */
import { RELEASES, releaseOf } from "../../../src/qemu/mod.ts";
import type { Adapter } from "../../adapter.ts";
import { devicesOf, QemuModelRig } from "./rig.ts";
import { IMPLEMENTATION } from "./space.ts";

const CAPABILITIES: ReadonlySet<string> = new Set(["board", "observe"]);
const NOTHING: ReadonlySet<string> = new Set();

export const qemuModelAdapter: Adapter = {
  implementation: IMPLEMENTATION,
  releases: RELEASES.map(({ name }) => name),
  capabilities: ({ release }, settings) =>
    devicesOf(releaseOf(release), settings).length > 0 ? CAPABILITIES : NOTHING,
  rig: (settings) => Promise.resolve(new QemuModelRig(settings)),
};
