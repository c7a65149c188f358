/**
 * Releases of the model: which revision of each device they write, and what they can negotiate.
 *
 * @module
 */
import type { Capability } from "./capabilities.ts";
import type { AnyDevice, Revision } from "./device.ts";
import { e1000, FULL_MAC, MITIGATION, TSO } from "./e1000.ts";
import { nvme, nvmeNs } from "./nvme.ts";
import { serial } from "./serial.ts";
import type { Shape } from "./transform.ts";
import { virtioSerial } from "./virtio_serial.ts";

export interface Release {
  readonly name: string;
  /** By device: its revision. */
  readonly devices: Shape;
  /** Undefined where there are no commands to ask. */
  readonly capabilities: readonly Capability[] | undefined;
}

/** A property that a type of machine sets so that a guest finds the device as it once was. */
export interface Compat {
  readonly driver: string;
  readonly property: string;
  readonly value: string;
  /** The subsection that is not written then. */
  readonly subsection: string;
}

export interface MachineType {
  readonly name: string;
  /** The first release that has it. */
  readonly since: string;
  readonly compat: readonly Compat[];
}

export const DEVICES: readonly AnyDevice[] = [e1000, serial, virtioSerial, nvme, nvmeNs];

const BOTH: readonly Capability[] = ["transformation", "selfDescribing"];

/** Oldest first. Devices are those of QEMU's history; capabilities those that the seed proposes. */
export const RELEASES: readonly Release[] = [
  {
    name: "0.10",
    devices: { e1000: 1, serial: 3, "virtio-console": 1 },
    capabilities: undefined,
  },
  {
    name: "0.13",
    devices: { e1000: 2, serial: 3, "virtio-console": 2 },
    capabilities: undefined,
  },
  {
    name: "1.7",
    devices: { e1000: 3, serial: 3, "virtio-console": 3, nvme: 1 },
    capabilities: ["transformation"],
  },
  {
    name: "2.5",
    devices: { e1000: 4, serial: 4, "virtio-console": 3, nvme: 1 },
    capabilities: BOTH,
  },
  {
    name: "5.2",
    devices: { e1000: 5, serial: 4, "virtio-console": 3, nvme: 2, "nvme-ns": 1 },
    capabilities: BOTH,
  },
];

const NO_TSO = off("migrate_tso_props", TSO);
const NO_EXTRA = off("extra_mac_registers", FULL_MAC);
const NO_MITIGATION = off("mitigation", MITIGATION);

/** Source: QEMU, hw/core/machine.c, hw_compat_*, and PC_COMPAT_1_6 of QEMU 1.7. */
export const MACHINE_TYPES: readonly MachineType[] = [
  { name: "pc-0.10", since: "0.10", compat: [NO_TSO, NO_EXTRA, NO_MITIGATION] },
  { name: "pc-1.7", since: "1.7", compat: [NO_TSO, NO_EXTRA] },
  { name: "pc-2.5", since: "2.5", compat: [NO_TSO] },
  { name: "pc-5.2", since: "5.2", compat: [] },
];

export function releaseOf(name: string): Release {
  return found(RELEASES, name);
}

export function machineTypeOf(name: string): MachineType {
  return found(MACHINE_TYPES, name);
}

/** Whether `release` can start machines of `type`. */
export function hasType(release: Release, type: MachineType): boolean {
  return RELEASES.indexOf(releaseOf(type.since)) <= RELEASES.indexOf(release);
}

export function deviceOf(name: string): AnyDevice {
  return found(DEVICES, name);
}

export function revisionOf(device: AnyDevice, revision: number): Revision {
  const is = device.revisions.find((one) => one.revision === revision);
  if (is !== undefined) return is;
  throw new RangeError(
    `Cannot find revision of ${device.name} as it must be one of its: current value is ${revision}`,
  );
}

function found<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const one = all.find((candidate) => candidate.name === name);
  if (one !== undefined) return one;
  const known = all.map((candidate) => candidate.name).join(", ");
  throw new RangeError(`Cannot find ${name} as it must be one of ${known}`);
}

function off(property: string, subsection: string): Compat {
  return { driver: "e1000", property, value: "off", subsection };
}
