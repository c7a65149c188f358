/**
 * The matrix of the migration design: releases, one device at a time, the type of the machine, and
 * whether both ends are asked what they can.
 *
 * @module
 */

import {
  hasType,
  MACHINE_TYPES,
  machineTypeOf,
  RELEASES,
  releaseOf,
} from "../../../src/qemu/mod.ts";
import { constraint, type Space } from "../../axis.ts";

export const IMPLEMENTATION = "qemu-model";

/** By name of a set: its devices, in releases that have them. */
export const DEVICE_SETS: Readonly<Record<string, readonly string[]>> = {
  e1000: ["e1000"],
  serial: ["serial"],
  "virtio-serial": ["virtio-console"],
  nvme: ["nvme", "nvme-ns"],
};

const TYPES = MACHINE_TYPES.map(({ name }) => name);
const has = (release: string, type: string) => hasType(releaseOf(release), machineTypeOf(type));

export const qemuModelSpace: Space = {
  implementation: IMPLEMENTATION,
  releases: RELEASES.map(({ name }) => name),
  configurations: [{}],
  axes: [
    {
      name: "devices",
      per: "path",
      values: Object.keys(DEVICE_SETS),
      meaning: "The device that the machine has",
    },
    {
      name: "machine",
      per: "path",
      values: TYPES,
      meaning: "The type of the machine, which turns off what guests of old do not know",
    },
    {
      name: "handshake",
      per: "path",
      values: ["none", "capabilities"],
      meaning: "Whether both ends are asked what they can, and set to what both can",
    },
  ],
  constraints: [
    constraint({
      name: "both-have-the-type",
      reason: "A type of machine only exists in its release and in later ones",
      over: ["writer", "reader", "machine"],
      allows: ({ writer, reader, machine }) => has(writer, machine) && has(reader, machine),
    }),
  ],
};
