/**
 * What the code of a virtio device adds to its blob: first what its class writes by hand, then
 * fields that the class declares, without a head. What is not known here stays octets.
 *
 * Source: QEMU, hw/block/virtio-blk.c, hw/char/virtio-serial-bus.c, hw/net/virtio-net.c,
 * hw/virtio/virtio-balloon.c; hw/virtio/virtio.c, qemu_put_virtqueue_element().
 *
 * @module
 */
import { StreamError } from "./error.ts";
import type { FieldBuilder } from "./field_builder.ts";

type ReadPart = (builder: FieldBuilder, queues: number) => void;

/** Buffers of an element in each direction; VIRTQUEUE_MAX_SIZE of QEMU. */
const BUFFERS = 1024;
/** Ports of a serial bus: each has two queues, as the control of all has. */
const PORTS_MAX = 511;
/** Octets of the filter of VLANs: a bit for each of 4096. */
const VLANS_SIZE = 512;
const MAC_SIZE = 6;

/** By the last part of a section's name. */
const PARTS: Readonly<Record<string, ReadPart>> = {
  "virtio-balloon"(builder) {
    builder.number("num_pages", "uint32");
    builder.number("actual", "uint32");
  },
  "virtio-blk"(builder, queues) {
    let more = builder.number("has_request", "uint8");
    for (let index = 0; more === 1; index++) {
      if (queues > 1) builder.number("queue", "uint32");
      readElement(builder, "requests", index);
      more = builder.number("has_request", "uint8");
    }
  },
  "virtio-console": readSerial,
  "virtio-net": readNet,
};

/** Reads to the end of `builder.cursor`. */
export function readDevicePart(builder: FieldBuilder, device: string, queues: number): void {
  const read = Object.hasOwn(PARTS, device) ? PARTS[device] : undefined;
  const { cursor, fields } = builder;
  const { at, trail } = cursor;
  const { length } = fields;
  const { length: depth } = trail;
  try {
    if (cursor.left > 0) read?.(builder, queues);
  } catch (error) {
    if (!(error instanceof StreamError)) throw error;
    // Of a release with another layout.
    cursor.at = at;
    fields.length = length;
    trail.length = depth;
  }
  if (cursor.left > 0) builder.octets("device", cursor.left);
}

/** A request that the device took from its queue, as the memory of QEMU has it. */
function readElement(builder: FieldBuilder, name: string, index = 0): void {
  const read = (element: FieldBuilder) => {
    for (const part of ["index", "out_num", "in_num", "pad"]) element.number(part, "le32");
    element.numbers("in_addr", "le64", BUFFERS);
    element.numbers("out_addr", "le64", BUFFERS);
    element.numbers("in_sg", "le64", 2 * BUFFERS);
    element.numbers("out_sg", "le64", 2 * BUFFERS);
  };
  builder.structs(name, 1, read, index);
}

function readSerial(builder: FieldBuilder): void {
  builder.number("cols", "uint16");
  builder.number("rows", "uint16");
  const { cursor } = builder;
  const { at } = cursor;
  const ports = builder.number("max_nr_ports", "uint32");
  if (ports > PORTS_MAX) {
    throw cursor.error(`must be at most ${PORTS_MAX}: current value is ${ports}`, "ports", at);
  }
  builder.numbers("ports_map", "uint32", Math.ceil(ports / 32));
  const active = builder.number("nr_active_ports", "uint32");
  builder.structs("ports", Math.min(active, ports), (port) => {
    port.number("id", "uint32");
    port.number("guest_connected", "uint8");
    port.number("host_connected", "uint8");
    if (port.number("elem_popped", "uint32") === 0) return;
    port.number("iov_idx", "uint32");
    port.number("iov_offset", "uint64");
    readElement(port, "elem");
  });
}

function readNet(builder: FieldBuilder): void {
  builder.octets("mac", MAC_SIZE);
  builder.number("tx_waiting", "uint32");
  builder.number("mergeable_rx_bufs", "uint32");
  builder.number("status", "uint16");
  builder.number("promisc", "uint8");
  builder.number("allmulti", "uint8");
  builder.octets("mac_table", MAC_SIZE * builder.number("mac_table.in_use", "uint32"));
  builder.octets("vlans", VLANS_SIZE);
  builder.number("has_vnet_hdr", "uint32");
  for (const name of ["mac_table.multi_overflow", "mac_table.uni_overflow", "alluni"]) {
    builder.number(name, "uint8");
  }
  for (const name of ["nomulti", "nouni", "nobcast", "has_ufo"]) builder.number(name, "uint8");
  const { cursor } = builder;
  // Offloads come alone, or behind the pairs of queues, of which there are two or more.
  if (cursor.left >= 4 && cursor.left !== 8) {
    builder.number("max_queue_pairs", "uint16");
    const pairs = builder.number("curr_queue_pairs", "uint16");
    builder.numbers("vqs.tx_waiting", "uint32", Math.max(0, pairs - 1));
  }
  if (cursor.left >= 8) builder.number("curr_guest_offloads", "uint64");
}
