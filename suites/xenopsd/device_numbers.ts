/**
 * The case of numbers of devices: names, disks and keys, both ways.
 *
 * Source: interface of xenopsd, golden values of `Device_number`.
 *
 * @module
 */
import {
  type DeviceNumber,
  deviceNumberOf,
  deviceNumberOfKey,
  linuxDeviceOf,
  xenstoreKeyOf,
} from "../../src/xenops_interface/mod.ts";
import type { Checks } from "./check_table.ts";
import { same } from "./client.ts";

/** Names in Linux: a disk on IDE has there that of a Xen disk, so that it has none to check. */
const GOLDEN: readonly (readonly [number: DeviceNumber, linux: string | undefined, key: number])[] =
  [
    [["Xen", 0, 0], "xvda", 51712],
    [["Xen", 0, 1], "xvda1", 51713],
    [["Ide", 0, 0], undefined, 768],
    [["Scsi", 0, 0], "sda", 2048],
    [["Scsi", 1, 3], "sdb3", 2067],
    [["Ide", 2, 2], undefined, 5634],
    [["Xen", 26, 0], "xvdaa", 268442112],
    [["Ide", 4, 0], undefined, 8448],
    [["Ide", 15, 0], undefined, 22848],
  ];

/** Names of the same disk. */
const EQUAL = [
  ["d0", "xvda", "0"],
  ["d5", "5", "xvdf"],
  ["d536p37", "xvdtq37"],
];

export const NUMBERS: Checks = {
  W12() {
    for (const [number, linux, key] of GOLDEN) {
      same(xenstoreKeyOf(number), key, `the key of ${number.join(" ")}`);
      same(deviceNumberOfKey(key), number, `the disk of key ${key}`);
      if (linux === undefined) continue;
      same(linuxDeviceOf(number), linux, `the name of ${number.join(" ")}`);
      same(deviceNumberOf(linux, false), number, `the disk of ${linux}`);
    }
    for (const [first = "", ...others] of EQUAL) {
      const wanted = deviceNumberOf(first, false);
      for (const name of others) same(deviceNumberOf(name, false), wanted, `the disk of ${name}`);
    }
    same(deviceNumberOf("d0p0q", false), undefined, "the disk of d0p0q");
  },
};
