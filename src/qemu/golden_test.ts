/**
 * Sections that real QEMUs wrote: our devices read them to the last octet, find what QEMU's own
 * description says, and write the same octets again.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fixture } from "../qemu_stream/fixture.ts";
import { readStream, type Section } from "../qemu_stream/mod.ts";
import { e1000 } from "./e1000.ts";
import { type AnyDevice, formOf, StreamLoader, StreamSaver } from "./mod.ts";
import { serial } from "./serial.ts";
import { port, virtioSerial } from "./virtio_serial.ts";

/** Octets of a section before its content, beside its name, and of its footer. */
const HEAD = 1 + 4 + 1 + 4 + 4;
const FOOTER = 5;

function contentOf(stream: string, idstr: RegExp): Uint8Array {
  const octets = fixture(stream);
  const isIt = (part: { readonly kind: string }): part is Section =>
    part.kind === "section" && idstr.test((part as Section).idstr);
  const section = readStream(octets).parts.find(isIt);
  assert.ok(section, `${stream} has no ${idstr}`);
  const { offset = 0, length = 0 } = section;
  return octets.subarray(offset + HEAD + section.idstr.length, offset + length - FOOTER);
}

function newest(device: AnyDevice) {
  const revision = device.revisions.at(-1);
  assert.ok(revision);
  return formOf(revision);
}

for (const release of ["5.2", "7.2", "11.1"]) {
  test(`e1000 reads what QEMU ${release} wrote, and writes it again`, () => {
    const content = contentOf(`i440fx52-e1000_${release}`, /e1000$/);
    const state = e1000.fresh();
    const loader = new StreamLoader(content);
    e1000.visit(loader, state, newest(e1000));
    loader.end();
    // As the description of the stream names and shows them.
    assert.equal(state.mac.CTRL, 1_311_296);
    assert.equal(state.mac.STATUS, 2_148_009_859);
    assert.deepEqual(state.eeprom_data.slice(0, 5), [21_586, 0, 256, 0, 65_535]);
    assert.deepEqual(state.phy_reg.slice(0, 4), [4416, 31_053, 321, 3104]);
    assert.equal(state.full_mac[0], 1_311_296);
    const saver = new StreamSaver();
    e1000.visit(saver, state, newest(e1000));
    assert.deepEqual(saver.octets, content);
  });
}

for (const release of ["5.2", "11.1"]) {
  test(`serial reads what QEMU ${release} wrote, and writes it again`, () => {
    const content = contentOf(`q35-52-isa-serial_${release}`, /^serial$/);
    const state = serial.fresh();
    const loader = new StreamLoader(content);
    serial.visit(loader, state, newest(serial));
    loader.end();
    const { divider, iir, mcr, lsr, msr } = state;
    assert.deepEqual([divider, iir, mcr, lsr, msr], [12, 1, 8, 96, 176]);
    const saver = new StreamSaver();
    serial.visit(saver, state, newest(serial));
    assert.deepEqual(saver.octets, content);
  });
}

test("virtio-serial writes the ports that QEMU 7.2 wrote", () => {
  const content = contentOf("q35-52-serial_7.2", /virtio-console$/);
  const saver = new StreamSaver();
  const agent = { ...port(), id: 1 };
  const state = { ...virtioSerial.fresh(), ports_map: [3], ports: [agent, port()] };
  // A virtconsole is always port 0, and the host has it open.
  Object.assign(state.ports[1] ?? {}, { host_connected: 1 });
  virtioSerial.visit(saver, state, newest(virtioSerial));
  const at = placeOf(content, saver.octets);
  assert.notEqual(at, -1);
  const loader = new StreamLoader(content.subarray(at, at + saver.octets.length));
  const loaded = virtioSerial.fresh();
  virtioSerial.visit(loader, loaded, newest(virtioSerial));
  loader.end();
  assert.deepEqual(loaded, state);
});

function placeOf(octets: Uint8Array, wanted: Uint8Array): number {
  for (let at = 0; at + wanted.length <= octets.length; at++) {
    if (wanted.every((octet, index) => octets[at + index] === octet)) return at;
  }
  return -1;
}
