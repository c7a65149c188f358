import assert from "node:assert/strict";
import { test } from "node:test";
import { textOfUtf8, utf8OfText } from "../bytes/utf8.ts";
import {
  DEVICES_MAX,
  Filters,
  Machine,
  type Make,
  machineTypeOf,
  putToWork,
  readDescribed,
  readLegacy,
  releaseOf,
  seenOf,
  writeDescribed,
} from "./mod.ts";

function make(devices: readonly string[], release = "5.2"): Make {
  return { release: releaseOf(release), type: machineTypeOf("pc-0.10"), devices };
}

function busy(devices: readonly string[]): Machine {
  const machine = new Machine(make(devices));
  putToWork(machine);
  return machine;
}

/** Big-endian: magic, version, type, section, name, instance, version of the device. */
const LEGACY_HEAD = [
  ...[0x51, 0x45, 0x56, 0x4d, 0, 0, 0, 3, 4, 0, 0, 0, 0, 6],
  ...[0x73, 0x65, 0x72, 0x69, 0x61, 0x6c, 0, 0, 0, 0, 0, 0, 0, 3],
];

test("the stream of old begins as QEMU's does, and loads what was saved", () => {
  const machine = busy(["serial", "virtio-console"]);
  const octets = machine.saveLegacy();
  assert.deepEqual([...octets.subarray(0, LEGACY_HEAD.length)], LEGACY_HEAD);
  const other = new Machine(make(["serial", "virtio-console"]));
  other.loadLegacy(octets);
  assert.deepEqual(seenOf(other), seenOf(machine));
});

test("the stream of old cut anywhere is declined, and nothing is changed", () => {
  const octets = busy(["serial"]).saveLegacy();
  for (let length = 0; length < octets.length; length++) {
    const machine = new Machine(make(["serial"]));
    assert.throws(() => machine.loadLegacy(octets.subarray(0, length)), /^VisitError/);
    assert.deepEqual(seenOf(machine), seenOf(new Machine(make(["serial"]))));
  }
});

test("a device of another length is found at its footer", () => {
  const octets = busy(["serial"]).saveLegacy();
  const at = LEGACY_HEAD.length - 1;
  // Version 2 has an octet less, which is then taken for what follows.
  const older = octets.with(at, 2);
  const load = () => new Machine(make(["serial"])).loadLegacy(older);
  assert.throws(load, /Cannot visit serial as its section must end with its footer/);
});

test("a described stream loads what was saved, and says its devices", () => {
  const machine = busy(["nvme", "nvme-ns"]);
  const octets = machine.saveDescribed();
  const names = readDescribed(octets).map(({ device, revision }) => `${device} ${revision}`);
  assert.deepEqual(names, ["nvme 2", "nvme-ns 1"]);
  const other = new Machine(make(["nvme", "nvme-ns"]));
  other.loadDescribed(octets);
  assert.deepEqual(seenOf(other), seenOf(machine));
});

test("a described stream cut anywhere is declined", () => {
  const octets = busy(["serial"]).saveDescribed();
  for (let length = 0; length < octets.length; length++) {
    const machine = new Machine(make(["serial"]));
    assert.throws(() => machine.loadDescribed(octets.subarray(0, length)), /^VisitError/);
  }
});

test("a described stream has at most DEVICES_MAX devices", () => {
  const devices = (count: number) =>
    writeDescribed(Array.from({ length: count }, () => ({ device: "x", revision: 1, state: {} })));
  assert.equal(readDescribed(devices(DEVICES_MAX)).length, DEVICES_MAX);
  assert.throws(() => readDescribed(devices(DEVICES_MAX + 1)), /at most 1024 devices/);
});

test("a reader declines what it has not, what is missing and another revision", () => {
  const described = busy(["serial"]).saveDescribed();
  assert.throws(
    () => new Machine(make(["e1000"])).loadDescribed(described),
    /serial as it must be a device that the machine has/,
  );
  const both = new Machine(make(["serial", "e1000"]));
  const fresh = seenOf(both);
  assert.throws(() => both.loadDescribed(described), /e1000 as its state must come/);
  assert.deepEqual(seenOf(both), fresh);
  assert.throws(
    () => new Machine(make(["serial"], "0.13")).loadDescribed(described),
    /serial as it must have revision 3: current value is 4/,
  );
});

test("a device that cannot leave by the stream of old keeps its machine", () => {
  assert.throws(() => busy(["nvme"]).saveLegacy(), /non-migratable device 'nvme'/);
});

test("filters change what leaves, and what comes", () => {
  const machine = busy(["serial"]);
  machine.filters.register("marshal", "serial", (tree) => ({ ...tree, scr: 1 }));
  const filters = new Filters().register("unmarshal", "serial", (tree) => ({ ...tree, lcr: 2 }));
  const other = new Machine(make(["serial"]), filters);
  other.loadDescribed(machine.saveDescribed());
  assert.equal(seenOf(other)["serial: scr"], "1");
  assert.equal(seenOf(other)["serial: lcr"], "2");
});

test("text that is no UTF-8, or no such stream, is declined with its line", () => {
  assert.throws(() => readDescribed(Uint8Array.of(0x7b, 0xff, 0x0a)), /must be UTF-8/);
  assert.throws(() => readDescribed(utf8OfText('{"format":"x"}\n{}\n')), /line 1 as it must be/);
  assert.throws(
    () => readDescribed(utf8OfText("{\n")),
    /visit line 1, the text as it must be JSON/,
  );
  const octets = busy(["serial"]).saveDescribed();
  const text = textOfUtf8(octets, 0, octets.length)?.replace('"devices":1', '"devices":2') ?? "";
  assert.throws(() => readDescribed(utf8OfText(text)), /line 3 as it must say that 1 devices came/);
});

test("readLegacy declines what is no stream of QEMU", () => {
  const read = (octets: readonly number[]) => () =>
    readLegacy(Uint8Array.from(octets), () => undefined);
  assert.throws(read([0, 0, 0, 0]), /magic as it must be QEVM/);
  assert.throws(read([...LEGACY_HEAD.slice(0, 7), 2]), /version as it must be 3/);
  assert.throws(read([...LEGACY_HEAD.slice(0, 8), 9]), /type as it must be 4: current value is 9/);
});
