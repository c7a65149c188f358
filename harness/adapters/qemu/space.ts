/**
 * The matrix of QEMU: releases, the devices and the type of the machine, and how far its guest has
 * come when it is saved.
 *
 * @module
 */
import type { Space } from "../../axis.ts";
import { type Binaries, releaseNames } from "./adapter.ts";
import type { DeviceSet } from "./device_sets.ts";
import { MODES } from "./modes.ts";
import { IMPLEMENTATION } from "./rig.ts";

/** Every release has it. */
const USUAL_MACHINE = "pc-q35-5.2";
/** Other types, with a version that some have, and without one. */
const MACHINES = ["pc-i440fx-5.2", "pc-q35-7.2", "pc-q35-10.0", "q35", "pc"];

export function qemuSpace(sets: readonly DeviceSet[], binaries: Binaries = {}): Space {
  const names = sets.map(({ name }) => name);
  const modes = MODES.map(({ name }) => name);
  return {
    implementation: IMPLEMENTATION,
    releases: releaseNames(binaries),
    configurations: [{}],
    axes: [
      {
        name: "devices",
        per: "path",
        values: names,
        meaning: "The set of devices that the machine has besides those of its type",
      },
      {
        name: "machine",
        per: "path",
        values: [USUAL_MACHINE, ...MACHINES],
        neutral: USUAL_MACHINE,
        onDemand: true,
        meaning: "The type of the machine, which says by its version what guests may see of it",
      },
      {
        name: "mode",
        per: "path",
        values: modes,
        neutral: modes[0] ?? "",
        onDemand: true,
        meaning: "How far the guest has come when the machine is saved",
      },
    ],
    constraints: [],
  };
}
