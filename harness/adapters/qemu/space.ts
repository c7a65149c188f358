/**
 * The matrix of QEMU: releases, the devices and the type of the machine, and how far its guest has
 * come when it is saved.
 *
 * @module
 */
import { type Constraint, constraint, type Space } from "../../axis.ts";
import { type Binaries, releaseNames } from "./adapter.ts";
import { AGREEMENT_MODES } from "./agreement.ts";
import type { DeviceSet } from "./device_sets.ts";
import { bootDiskOf, isStoppable } from "./guest_arguments.ts";
import { GUEST_MODES } from "./guest_modes.ts";
import { MODES, TWIN } from "./modes.ts";
import { IMPLEMENTATION } from "./rig.ts";

/** Every release has it. */
const USUAL_MACHINE = "pc-q35-5.2";
/** It has no PCI, and every release has it, without a version. */
const ISA_MACHINE = "isapc";
/** Sets of devices on ISA. */
const ISA_SETS = [
  ...["isa-serial", "isa-parallel", "ne2k-isa", "sb16", "adlib", "gus", "cs4231a", "ib700"],
  ...["ipmi-kcs", "ipmi-bt", "pvpanic", "vmmouse-debug"],
];
/** Other types, with a version that some have, and without one. */
const MACHINES = ["pc-i440fx-5.2", "pc-q35-7.2", "pc-q35-10.0", "q35", "pc"];
/** The first release that has a type, where some do not. */
const SINCE: Readonly<Record<string, string>> = { "pc-q35-7.2": "7.2", "pc-q35-10.0": "10.0.2" };

const ISA_ONLY = constraint({
  name: "isa-only",
  reason: "The machine has no PCI",
  over: ["machine", "devices"],
  allows: ({ machine, devices }) => machine !== ISA_MACHINE || ISA_SETS.includes(devices),
});

/** Every release takes it from every other. */
const PLAIN_SET = "e1000";

/** The release that has no jobs for snapshots. */
const WITHOUT_JOBS = "5.2";

/** `bootSets` are only there for guests at work. */
export function qemuSpace(
  sets: readonly DeviceSet[],
  bootSets: readonly DeviceSet[],
  binaries: Binaries = {},
): Space {
  const names = [...sets, ...bootSets].map(({ name }) => name);
  const modes = [...MODES.map(({ name }) => name), ...GUEST_MODES, ...AGREEMENT_MODES];
  const bootable = [...sets, ...bootSets].filter(({ args }) => bootDiskOf(args) !== undefined);
  const [usual = ""] = modes;
  return {
    implementation: IMPLEMENTATION,
    releases: releaseNames(binaries),
    // A way there and back, and one of three releases, through the oldest and the newest ones.
    families: [["5.2", "10.0.13", "11.1"], Object.keys(binaries)].filter(
      ({ length }) => length > 0,
    ),
    configurations: [{}],
    slices: slicesOf(names, bootable),
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
        values: [USUAL_MACHINE, ...MACHINES, ISA_MACHINE],
        neutral: USUAL_MACHINE,
        onDemand: true,
        meaning: "The type of the machine, which says by its version what guests may see of it",
      },
      {
        name: "mode",
        per: "path",
        values: modes,
        neutral: usual,
        onDemand: true,
        reserved: true,
        meaning: "How far the guest has come when the machine is saved",
      },
    ],
    constraints: [
      constraint({
        name: "type-is-of-later",
        reason: "The release does not have the type of the machine",
        over: ["machine", "writer", "reader"],
        allows: ({ machine, writer, reader }) => has(writer, machine) && has(reader, machine),
      }),
      ISA_ONLY,
      constraint({
        name: "twin-of-one-release",
        reason: "Machines that are started alike are of the same release",
        over: ["mode", "writer", "reader"],
        allows: ({ mode, writer, reader }) => mode !== TWIN || writer === reader,
      }),
      ...guestConstraints(usual, bootSets, bootable),
    ],
  };
}

/** Parts of the plan that are not of the core grid. */
function slicesOf(
  names: readonly string[],
  bootable: readonly DeviceSet[],
): NonNullable<Space["slices"]> {
  const isaSets = names.filter((name) => ISA_SETS.includes(name));
  const plain = [names.find((name) => name === PLAIN_SET) ?? names[0] ?? ""];
  return [
    { name: "machine-types", values: { machine: MACHINES, devices: names.slice(0, 1) } },
    { name: "isa-machine", values: { machine: [ISA_MACHINE], devices: isaSets } },
    {
      name: "guests",
      onDemand: true,
      values: { devices: bootable.map(({ name }) => name), mode: GUEST_MODES },
    },
    { name: "twins", onDemand: true, values: { devices: names, mode: [TWIN] } },
    {
      name: "capabilities",
      onDemand: true,
      values: { devices: plain, mode: AGREEMENT_MODES },
    },
  ];
}

/** Which sets guests at work can have, and no others. */
function guestConstraints(
  usual: string,
  bootSets: readonly DeviceSet[],
  bootable: readonly DeviceSet[],
): readonly Constraint[] {
  const stoppable = bootable.filter(({ args }) => isStoppable(args));
  return [
    constraint({
      name: "guest-at-work",
      reason: "The set is there to be booted from",
      over: ["devices", "mode"],
      allows: ({ devices, mode }) => ![usual, TWIN].includes(mode) || !isIn(bootSets, devices),
    }),
    constraint({
      name: "guest-boots",
      reason: "A guest at work has a disk that it is booted from, called d0",
      over: ["devices", "mode"],
      allows: ({ devices, mode }) =>
        !GUEST_MODES.some((name) => name === mode) || isIn(bootable, devices),
    }),
    constraint({
      name: "snapshot-jobs",
      reason: "Snapshots are jobs from 6.0 on",
      over: ["mode", "writer", "reader"],
      allows: ({ mode, writer, reader }) =>
        mode !== "snapshot-job" || ![writer, reader].includes(WITHOUT_JOBS),
    }),
    constraint({
      name: "request-waits",
      reason: "A request waits in flight where the disk has rerror=stop",
      over: ["devices", "mode"],
      allows: ({ devices, mode }) => mode !== "in-flight" || isIn(stoppable, devices),
    }),
  ];
}

function isIn(sets: readonly DeviceSet[], name: string): boolean {
  return sets.some((set) => set.name === name);
}

/** Whether a release has a type of machine; of somebody's own program nobody knows. */
function has(release: string, machine: string): boolean {
  const names = releaseNames({});
  const since = SINCE[machine];
  return (
    since === undefined ||
    !names.includes(release) ||
    names.indexOf(release) >= names.indexOf(since)
  );
}
