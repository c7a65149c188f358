/**
 * The blob of virtio devices: opened on what real QEMUs sent, written again as the same octets,
 * and attacked. One is gone through by hand.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import type { StructField } from "./field.ts";
import { writeBody } from "./field_writer.ts";
import { fixture, fixtureNames } from "./fixture.ts";
import {
  isVirtio,
  leavesOf,
  type OctetsField,
  openBlobs,
  openVirtio,
  readStream,
  type Section,
  StreamError,
} from "./mod.ts";
import { Sink } from "./sink.ts";

interface Blob {
  readonly name: string;
  readonly section: Section;
  readonly field: OctetsField;
}

const BLOBS: readonly Blob[] = fixtureNames().flatMap((name) =>
  readStream(fixture(name)).parts.flatMap((section): Blob[] => {
    if (section.kind !== "section" || section.content.kind !== "fields") return [];
    return section.content.fields.filter(isVirtio).map((field) => ({ name, section, field }));
  }),
);

function blob(name: string, device: string): Blob {
  const found = BLOBS.find((one) => one.name === name && one.section.idstr.endsWith(`/${device}`));
  assert.ok(found !== undefined, `${name} ${device}`);
  return found;
}

function opened(name: string, device: string): ReadonlyMap<string, unknown> {
  const { section, field } = blob(name, device);
  const leaves = leavesOf(openVirtio(field, section.idstr));
  return new Map(leaves.map(({ path, value }) => [path, value]));
}

function written(field: StructField): Uint8Array {
  const sink = new Sink();
  writeBody(sink, field);
  return sink.octets;
}

test("there are blobs of both transports, and of every device that is known", () => {
  const devices = new Set(BLOBS.map(({ section }) => section.idstr.split("/").at(-1)));
  assert.deepEqual([...devices].sort(), [
    "virtio-balloon",
    "virtio-blk",
    "virtio-console",
    "virtio-input",
    "virtio-net",
    "virtio-rng",
  ]);
  assert.equal(BLOBS.length, 11);
});

for (const { name, section, field } of BLOBS) {
  test(`${name} ${section.idstr} is opened to the last octet and written again`, () => {
    const struct = openVirtio(field, section.idstr);
    assert.equal(Buffer.compare(written(struct), field.octets), 0);
    assert.ok(struct.fields.every((one) => one.name !== "device"));
  });
}

test("a blob by hand: virtio-rng of 7.2", () => {
  const { field, section } = blob("q35-52-virtio-rng_7.2", "virtio-rng");
  assert.equal(field.octets.length, 45_489);
  const offset = field.offset as number;
  const { fields, subsections } = openVirtio(field, section.idstr);
  const places = fields.map((one) => [one.name, (one.offset as number) - offset]);
  assert.deepEqual(places, [
    ["version_id", 0],
    ["pci_config", 4],
    ["irq_state", 260],
    ["status", 276],
    ["isr", 277],
    ["queue_sel", 278],
    ["guest_features", 280],
    ["config_len", 284],
    ["config", 288],
    ["queue_count", 288],
    ["queues", 292],
  ]);
  const subs = subsections.map((one) => [one.vmsd, (one.offset as number) - offset]);
  assert.deepEqual(subs, [
    ["virtio/64bit_features", 306],
    ["virtio/virtqueues", 341],
    ["virtio/extra_state", 16_748],
  ]);
  const [modern] = subsections[2]?.subsections ?? [];
  assert.equal(modern?.vmsd, "virtio_pci/modern_state");
  assert.equal((modern?.offset as number) - offset, 16_772);
});

test("a card behind a port has 4096 octets of configuration and a vector for each queue", () => {
  const values = opened("q35-52-port-net_11.1", "virtio-net");
  assert.equal((values.get("pci_config") as Uint8Array).length, 4096);
  assert.deepEqual([...(values.get("mac") as Uint8Array)], [0x52, 0x54, 0, 0, 0, 1]);
  // Receive, transmit and control queues; VIRTIO_MSI_NO_VECTOR.
  assert.deepEqual(
    [0, 1, 2].map((index) => values.get(`queues[${index}].num`)),
    [256, 256, 64],
  );
  assert.equal(values.get("queues[0].vector"), 0xffff);
  assert.equal(values.get("config_vector"), 0xffff);
});

test("a serial bus has its ports, with both sides of their connection", () => {
  const values = opened("q35-52-serial_7.2", "virtio-console");
  assert.equal(values.get("nr_active_ports"), 2);
  assert.deepEqual([values.get("ports[0].id"), values.get("ports[1].id")], [1, 0]);
  // No guest ran; the host side of a console is open from the start.
  for (const [index, host] of [
    [0, 0],
    [1, 1],
  ]) {
    assert.equal(values.get(`ports[${index}].guest_connected`), 0);
    assert.equal(values.get(`ports[${index}].host_connected`), host);
  }
});

test("a device of microvm has the transport of memory-mapped registers", () => {
  const values = opened("microvm-virtio_10.0.13", "virtio-blk");
  assert.equal(values.get("guest_page_shift"), 0);
  assert.equal(values.get("has_request"), 0);
  assert.equal((values.get("config") as Uint8Array).length, 57);
  assert.equal(values.get("<virtio/64bit_features>.guest_features"), 0n);
});

test("requests in flight are read as the memory of QEMU has it", () => {
  const { field, section } = blob("microvm-virtio_10.0.13", "virtio-blk");
  const element = new Uint8Array(49_168);
  // Index 7, one buffer out at 0x12345000 and one in, little-endian.
  element.set([7, 0, 0, 0, 1, 0, 0, 0, 1]);
  element.set([0x00, 0x50, 0x34, 0x12], 16 + 8 * 1024);
  // Before the subsection of 64-bit features: no request so far. Two come in.
  const at = field.octets.length - 35 - 1;
  const octets = Buffer.concat([
    field.octets.subarray(0, at),
    ...[Uint8Array.of(1), element, Uint8Array.of(1), element],
    field.octets.subarray(at),
  ]);
  const struct = openVirtio({ ...field, octets }, section.idstr);
  const values = new Map([...leavesOf(struct)].map(({ path, value }) => [path, value]));
  assert.equal(values.get("requests[0].index"), 7);
  assert.equal(values.get("requests[1].index"), 7);
  assert.equal(values.get("requests[2].index"), undefined);
  assert.equal(values.get("requests[0].out_num"), 1);
  assert.equal(values.get("requests[0].out_addr[0]"), 0x1234_5000n);
  assert.equal(Buffer.compare(written(struct), octets), 0);
});

test("a device part of another layout stays octets, and the rest is opened", () => {
  const { field } = blob("i440fx52-balloon_5.2", "virtio-balloon");
  const struct = openVirtio(field, "0000:00:02.0/virtio-blk");
  const device = struct.fields.find(({ name }) => name === "device");
  assert.equal(device?.kind === "octets" ? device.octets.length : 0, 7);
  assert.equal(Buffer.compare(written(struct), field.octets), 0);
});

test("blobs cut at every length and with octets changed are refused or written again", () => {
  for (const name of ["virtio-blk", "virtio-net", "virtio-console", "virtio-rng"]) {
    const { field, section } = blob("microvm-virtio_10.0.13", name);
    const attack = (octets: Uint8Array, where: string) => {
      try {
        const struct = openVirtio({ ...field, octets }, section.idstr);
        assert.equal(Buffer.compare(written(struct), octets), 0, where);
      } catch (error) {
        assert.ok(error instanceof StreamError, `${where}: ${error}`);
        assert.ok(error.offset >= (field.offset as number), where);
        assert.ok(error.offset <= (field.offset as number) + octets.length, where);
      }
    };
    const { octets } = field;
    for (let at = 0; at < octets.length; at++) {
      attack(octets.subarray(0, at), `${name} cut at ${at}`);
      const changed = octets.slice();
      changed[at] = (octets[at] as number) ^ 0xff;
      attack(changed, `${name} with octet ${at} changed`);
    }
  }
});

test("openBlobs() leaves a blob closed that it cannot open, and says why", () => {
  const { section, field } = blob("microvm-virtio_10.0.13", "virtio-rng");
  assert.ok(section.content.kind === "fields");
  const fields = [{ ...field, octets: field.octets.subarray(0, 20) }];
  const { content, closed } = openBlobs({ ...section, content: { ...section.content, fields } });
  assert.deepEqual(content.kind === "fields" ? content.fields : [], fields);
  assert.equal(closed.length, 1);
  assert.match(closed[0]?.reason ?? "", /octets must follow: there are 0$/);
});

/** `size` octets of `field` at its inner field `name`, replaced by other ones. */
function replaced({ field, section }: Blob, name: string, size: number, other: Uint8Array) {
  const inner = openVirtio(field, section.idstr).fields.find((one) => one.name === name);
  const at = (inner?.offset as number) - (field.offset as number);
  const octets = Buffer.concat([
    field.octets.subarray(0, at),
    other,
    field.octets.subarray(at + size),
  ]);
  return () => openVirtio({ ...field, octets }, section.idstr);
}

function numbered(size: number, value: number): Uint8Array {
  const octets = Buffer.alloc(size);
  octets.writeUInt32BE(value);
  return octets;
}

test("a device may have so many queues and no more", () => {
  const rng = blob("microvm-virtio_10.0.13", "virtio-rng");
  // A count, then 18 octets for each queue.
  const read = (count: number) => replaced(rng, "queue_count", 22, numbered(4 + 18 * count, count));
  const queues = read(1024)().fields.find(({ name }) => name === "queues");
  assert.equal(queues?.kind === "list" ? queues.elements.length : 0, 1024);
  assert.throws(read(1025), /queues at offset \d+: must be at most 1024: current value is 1025$/);
});

test("a serial bus may have so many ports and no more, else its part stays octets", () => {
  const serial = blob("microvm-virtio_10.0.13", "virtio-console");
  // A count, then a bit for each port in words.
  const read = (count: number) => replaced(serial, "max_nr_ports", 8, numbered(68, count));
  const names = (count: number) => read(count)().fields.map(({ name }) => name);
  assert.ok(names(511).includes("nr_active_ports"));
  assert.ok(names(512).includes("device"));
});

test("a search for subsections is linear", { timeout: 20_000 }, () => {
  const { field, section } = blob("microvm-virtio_10.0.13", "virtio-rng");
  const subsection = Buffer.from("\x05\x12virtio/extra_state\0\0\0\0", "latin1");
  const flood = Buffer.concat(Array.from({ length: 100_000 }, () => subsection));
  // The octet at the end is of no subsection.
  const octets = Buffer.concat([field.octets.subarray(0, 46), flood, Uint8Array.of(9)]);
  const struct = openVirtio({ ...field, octets }, section.idstr);
  assert.equal(Buffer.compare(written(struct), octets), 0);
  assert.deepEqual(struct.subsections, []);
});
