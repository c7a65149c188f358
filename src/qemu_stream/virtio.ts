/**
 * The one field of a virtio device that a description says nothing of but its size: the state of
 * its transport, of the device, of its queues, and what the device's own code adds.
 *
 * What it does not do: the ccw transport.
 *
 * Source: QEMU, hw/virtio/virtio.c, virtio_save(); hw/virtio/virtio-pci.c, virtio-mmio.c.
 *
 * @module
 */
import { Cursor } from "./cursor.ts";
import type { Body, Field, OctetsField, StructField } from "./field.ts";
import { FieldBuilder } from "./field_builder.ts";
import { readDevicePart } from "./virtio_device.ts";
import { readSubsections, subsectionsAt } from "./virtio_subsections.ts";
import { TRANSPORTS, type Transport } from "./virtio_transport.ts";

/** Queues that a device may have; VIRTIO_QUEUE_MAX of QEMU. */
const QUEUES_MAX = 1024;

/** Whether `field` is such a blob. */
export function isVirtio(field: Field): field is OctetsField {
  return field.kind === "octets" && field.type === "virtio";
}

/** Opens the blob of the section `idstr`. What does not fit is a `StreamError`. */
export function openVirtio(field: OctetsField, idstr: string): StructField {
  const { name, type, octets, offset = 0 } = field;
  const cursor = new Cursor(octets, offset);
  cursor.trail.push(idstr, name);
  const { fields, subsections } = readBlob(cursor, idstr);
  return { kind: "struct", name, type, offset, vmsd: "virtio", fields, subsections };
}

function readBlob(cursor: Cursor, idstr: string): Pick<Body, "fields" | "subsections"> {
  const transport = idstr.startsWith("virtio-mmio@") ? TRANSPORTS.mmio : TRANSPORTS.pci;
  const builder = new FieldBuilder(cursor);
  const hasVectors = transport.readConfig(builder);
  builder.number("status", "uint8");
  builder.number("isr", "uint8");
  builder.number("queue_sel", "uint16");
  builder.number("guest_features", "uint32");
  builder.octets("config", builder.number("config_len", "uint32"));
  const { at } = cursor;
  const queues = builder.number("queue_count", "uint32");
  if (queues > QUEUES_MAX) {
    throw cursor.error(`must be at most ${QUEUES_MAX}: current value is ${queues}`, "queues", at);
  }
  builder.structs("queues", queues, (queue) => readQueue(queue, transport, hasVectors));
  const { end } = cursor;
  cursor.end = subsectionsAt(cursor);
  readDevicePart(builder, idstr.slice(idstr.lastIndexOf("/") + 1), queues);
  cursor.end = end;
  return { fields: builder.fields, subsections: readSubsections(cursor) };
}

function readQueue(queue: FieldBuilder, { hasAlign }: Transport, hasVectors: boolean): void {
  queue.number("num", "uint32");
  if (hasAlign) queue.number("align", "uint32");
  queue.number("desc", "uint64");
  queue.number("last_avail_idx", "uint16");
  if (hasVectors) queue.number("vector", "uint16");
}
