/**
 * Names of disks: what a client calls them, what Linux does, and their keys in XenStore.
 *
 * Source: xen-api, `device_number.ml`; its numbering of IDE disks beyond the fourth is deprecated,
 * and still in use. A disk on IDE has the name of a Xen disk in Linux, so that this way is lossy.
 *
 * @module
 */
import type { DeviceNumber } from "./vbd.ts";

const DISKS_MAX = 2 ** 20;
/** Extended keys have 8 bits for a partition. */
const PARTITIONS_MAX = 256;
/** Disks, and partitions, of the short keys. */
const SHORT = 16;
const EXTENDED = 2 ** 28;
/** Major numbers, of two disks each. */
const IDE_MAJORS = [3, 22, 33, 34, 56, 57, 88, 89, 90, 91];
const MAJORS = { Xen: 202, Scsi: 8, Floppy: 203 } as const;
const PREFIXES = { Xen: "xvd", Scsi: "sd", Floppy: "fd", Ide: "xvd" } as const;

const LINUX = /^(xvd|sd|fd|hd)([a-z]{1,5})(\d{0,6})$/;
const NUMBERED = /^d(\d{1,7})(?:p(\d{1,6}))?$/;
const DECIMAL = /^\d{1,7}$/;
/** How many letters there are. */
const LETTERS = 26;
const LETTER_A = 97;

/** The disk of a name, `undefined` when it is none. A mere number is a disk on the usual bus. */
export function deviceNumberOf(name: string, isHvm: boolean): DeviceNumber | undefined {
  if (DECIMAL.test(name)) {
    const disk = Number(name);
    return inRange([isHvm && disk < 4 ? "Ide" : "Xen", disk, 0]);
  }
  const numbered = NUMBERED.exec(name);
  if (numbered !== null) return inRange(["Xen", Number(numbered[1]), Number(numbered[2] ?? 0)]);
  const linux = LINUX.exec(name);
  if (linux === null) return undefined;
  const [, prefix, letters = "", partition] = linux;
  const bus = ({ xvd: "Xen", sd: "Scsi", fd: "Floppy", hd: "Ide" } as const)[prefix as "xvd"];
  return inRange([bus, diskOf(letters), Number(partition)]);
}

/** The key in XenStore. */
export function xenstoreKeyOf([bus, disk, partition]: DeviceNumber): number {
  if (bus === "Ide") {
    const major = IDE_MAJORS[Math.floor(disk / 2)] as number;
    return major * 256 + (disk % 2) * 64 + partition;
  }
  if (disk >= SHORT || partition >= SHORT) return EXTENDED + disk * 256 + partition;
  return MAJORS[bus] * 256 + disk * 16 + partition;
}

/** The disk of a key in XenStore, `undefined` when it is none. */
export function deviceNumberOfKey(key: number): DeviceNumber | undefined {
  if (!Number.isInteger(key) || key < 0 || key >= 2 * EXTENDED) return undefined;
  if (key >= EXTENDED) return ["Xen", Math.floor((key - EXTENDED) / 256), key % 256];
  const [major, minor] = [Math.floor(key / 256), key % 256];
  for (const bus of ["Xen", "Scsi", "Floppy"] as const) {
    if (MAJORS[bus] === major) return [bus, Math.floor(minor / 16), minor % 16];
  }
  const index = IDE_MAJORS.indexOf(major);
  return index < 0 || minor >= 128
    ? undefined
    : ["Ide", index * 2 + Math.floor(minor / 64), minor % 64];
}

/** The name in a guest with Linux. */
export function linuxDeviceOf([bus, disk, partition]: DeviceNumber): string {
  let letters = "";
  for (let rest = disk; rest >= 0; rest = Math.floor(rest / LETTERS) - 1) {
    letters = String.fromCharCode(LETTER_A + (rest % LETTERS)) + letters;
  }
  return `${PREFIXES[bus]}${letters}${partition === 0 ? "" : partition}`;
}

/** Names of IDE disks, as they were until 2014, for those of now. */
export function upgradeLinuxDevice(name: string): string {
  return name.startsWith("hd") ? `xvd${name.slice(2)}` : name;
}

/** Digits from 1: a is 0, z is 25, aa is 26. */
function diskOf(letters: string): number {
  let disk = 0;
  for (const letter of letters) disk = disk * LETTERS + letter.charCodeAt(0) - LETTER_A + 1;
  return disk - 1;
}

/** A disk which has a key. */
function inRange(number: DeviceNumber): DeviceNumber | undefined {
  const [bus, disk, partition] = number;
  const [disks, partitions] = {
    Xen: [DISKS_MAX, PARTITIONS_MAX],
    Scsi: [SHORT, SHORT],
    Floppy: [SHORT, SHORT],
    Ide: [IDE_MAJORS.length * 2, 64],
  }[bus] as [number, number];
  return disk < disks && partition < partitions ? number : undefined;
}
