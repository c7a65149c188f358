import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type DeviceNumber,
  deviceNumberOf,
  deviceNumberOfKey,
  linuxDeviceOf,
  upgradeLinuxDevice,
  xenstoreKeyOf,
} from "./mod.ts";

/** xen-api, ocaml/xapi-idl/lib_test/device_number_test.ml and device_number.ml: name and key. */
const GOLDEN: readonly (readonly [DeviceNumber, string, number])[] = [
  [["Xen", 0, 0], "xvda", 51_712],
  [["Xen", 0, 1], "xvda1", 51_713],
  [["Ide", 0, 0], "hda", 768],
  [["Ide", 0, 1], "hda1", 769],
  [["Scsi", 0, 0], "sda", 2048],
  [["Scsi", 0, 1], "sda1", 2049],
  [["Scsi", 1, 3], "sdb3", 2067],
  [["Ide", 2, 2], "hdc2", 5634],
  [["Xen", 26, 0], "xvdaa", 268_442_112],
  [["Ide", 4, 0], "hde", 8448],
  [["Ide", 5, 0], "hdf", 8512],
  [["Ide", 6, 0], "hdg", 8704],
  [["Ide", 7, 0], "hdh", 8768],
  [["Ide", 8, 0], "hdi", 14_336],
  [["Ide", 15, 0], "hdp", 22_848],
];

for (const [number, name, key] of GOLDEN) {
  test(`W12: ${name} is ${number.join(" ")} is ${key}, both ways`, () => {
    assert.deepEqual(deviceNumberOf(name, false), number);
    assert.deepEqual(deviceNumberOfKey(key), number);
    assert.equal(xenstoreKeyOf(number), key);
    assert.equal(linuxDeviceOf(number), upgradeLinuxDevice(name));
  });
}

for (const [one, other] of [
  ["d0", "xvda"],
  ["d0", "0"],
  ["d5", "5"],
  ["xvdf", "5"],
  ["d0p0", "xvda"],
  ["d536p37", "xvdtq37"],
] as const) {
  test(`W12: ${one} is the same as ${other}`, () => {
    const number = deviceNumberOf(one, false);
    assert.notEqual(number, undefined);
    assert.deepEqual(number, deviceNumberOf(other, false));
  });
}

for (const name of ["d0p0q", "", "xvd", "xvdA", "sdq", "d1048576", "xvda256", "-1", "hdu", "1.5"]) {
  test(`deviceNumberOf() finds no disk in "${name}"`, () => {
    assert.equal(deviceNumberOf(name, false), undefined);
  });
}

test("deviceNumberOf() takes the first four disks of an HVM for IDE", () => {
  assert.deepEqual(deviceNumberOf("3", true), ["Ide", 3, 0]);
  assert.deepEqual(deviceNumberOf("4", true), ["Xen", 4, 0]);
});

test("deviceNumberOfKey() finds no disk in a key of nobody", () => {
  for (const key of [0, 1, 52_224, 768 + 128, -1, 0.5, 2 ** 29]) {
    assert.equal(deviceNumberOfKey(key), undefined);
  }
});

test("all disks have a key of their own", () => {
  const keys = new Set<number>();
  for (let disk = 0; disk < 2 ** 20; disk += 97) {
    const number: DeviceNumber = ["Xen", disk, 3];
    assert.deepEqual(deviceNumberOfKey(xenstoreKeyOf(number)), number);
    assert.deepEqual(deviceNumberOf(linuxDeviceOf(number), false), number);
    keys.add(xenstoreKeyOf(number));
  }
  assert.equal(keys.size, Math.ceil(2 ** 20 / 97));
});

test("a partition that the short keys have no room for has an extended key", () => {
  assert.equal(xenstoreKeyOf(["Xen", 0, 37]), 2 ** 28 + 37);
  assert.deepEqual(deviceNumberOfKey(2 ** 28 + 37), ["Xen", 0, 37]);
});
