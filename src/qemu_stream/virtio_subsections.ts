/**
 * The subsections at the end of a virtio blob. Their layout is fixed, so that they also tell
 * where the part of the device before them ends.
 *
 * Source: QEMU, hw/virtio/virtio.c, vmstate_virtio; hw/virtio/virtio-pci.c,
 * vmstate_virtio_pci_modern_state_sub; hw/virtio/virtio-mmio.c, vmstate_virtio_mmio_state_sub.
 *
 * @module
 */
import type { Cursor } from "./cursor.ts";
import { SUBSECTION, type Subsection } from "./field.ts";
import { FieldBuilder, type PlainType } from "./field_builder.ts";

/** Queues that a subsection has a record of each; VIRTIO_QUEUE_MAX of QEMU. */
const QUEUES = 1024;

interface Layout {
  /** Octets of its fields. */
  readonly size: number;
  read(builder: FieldBuilder): void;
  /** Names of what may follow inside of it. */
  readonly inner?: readonly string[];
}

function one(name: string, type: PlainType, size: number): Layout {
  return { size, read: (builder) => builder.number(name, type) };
}

function perQueue(size: number, read: (queue: FieldBuilder) => void): Layout {
  return { size: QUEUES * size, read: (builder) => builder.structs("queues", QUEUES, read) };
}

function modernQueue(queue: FieldBuilder, flags: readonly string[]): void {
  queue.number("num", "uint16");
  for (const flag of flags) queue.number(flag, "uint8");
  for (const ring of ["desc", "avail", "used"]) queue.numbers(ring, "uint32", 2);
}

const LAYOUTS: Readonly<Record<string, Layout>> = {
  "virtio/device_endian": one("device_endian", "uint8", 1),
  "virtio/128bit_features": one("guest_features_hi", "uint64", 8),
  "virtio/64bit_features": one("guest_features", "uint64", 8),
  "virtio/virtqueues": perQueue(16, (queue) => {
    queue.number("avail", "uint64");
    queue.number("used", "uint64");
  }),
  "virtio/ringsize": {
    size: 4 * QUEUES,
    read: (builder) => builder.numbers("num_default", "uint32", QUEUES),
  },
  "virtio/broken": one("broken", "uint8", 1),
  "virtio/extra_state": {
    size: 0,
    read() {},
    inner: ["virtio_pci/modern_state", "virtio_mmio/state"],
  },
  "virtio_pci/modern_state": {
    size: 16 + 28 * QUEUES,
    read(builder) {
      builder.number("dfselect", "uint32");
      builder.number("gfselect", "uint32");
      builder.numbers("guest_features", "uint32", 2);
      builder.structs("vqs", QUEUES, (queue) => modernQueue(queue, ["unused", "enabled"]));
    },
    inner: ["virtio_pci/modern_state/features128"],
  },
  "virtio_pci/modern_state/features128": {
    size: 8,
    read: (builder) => builder.numbers("guest_features128", "uint32", 2),
  },
  "virtio_mmio/state": {
    size: 8 + 27 * QUEUES,
    read(builder) {
      builder.numbers("guest_features", "uint32", 2);
      builder.structs("vqs", QUEUES, (queue) => modernQueue(queue, ["enabled"]));
    },
  },
  "virtio/started": one("started", "uint8", 1),
  "virtio/packed_virtqueues": perQueue(10, (queue) => {
    queue.number("last_avail_idx", "uint16");
    queue.number("last_avail_wrap_counter", "uint8");
    queue.number("used_idx", "uint16");
    queue.number("used_wrap_counter", "uint8");
    queue.number("inuse", "uint32");
  }),
  "virtio/disabled": one("disabled", "uint8", 1),
};

/** A blob has each of them once at most, so that no more follow each other. */
const SUBSECTIONS_MAX = Object.keys(LAYOUTS).length;

/** Octets of a head with a name of no characters: its first octet, a length, a version. */
const HEAD_SIZE = 6;

/** Where subsections begin that go exactly to the end of `cursor`; the end when there are none. */
export function subsectionsAt({ view, at: from, end }: Cursor): number {
  for (let at = from; ; at++) {
    at = view.octets.indexOf(SUBSECTION, at);
    if (at < 0 || at >= end) return end;
    let next: number | undefined = at;
    for (let count = 0; count < SUBSECTIONS_MAX; count++) {
      if (next === undefined || next >= end) break;
      next = behind(view, next);
    }
    if (next === end) return at;
  }
}

/** Where the fields of the subsection at `at` end. */
function behind(view: Cursor["view"], at: number): number | undefined {
  const length = view.octets[at + 1] ?? 0;
  if (view.octets[at] !== SUBSECTION || at + 2 + length > view.octets.length) return undefined;
  const name = view.text(at + 2, at + 2 + length);
  const layout = Object.hasOwn(LAYOUTS, name) ? LAYOUTS[name] : undefined;
  return layout === undefined ? undefined : at + HEAD_SIZE + length + layout.size;
}

/** Reads subsections to the end of `cursor`, where {@linkcode subsectionsAt} found them. */
export function readSubsections(cursor: Cursor): Subsection[] {
  const subsections: Subsection[] = [];
  while (cursor.left > 0) subsections.push(readSubsection(cursor));
  return subsections;
}

function readSubsection(cursor: Cursor): Subsection {
  const { offset } = cursor;
  cursor.u8("subsection");
  const vmsd = cursor.shortText("subsection");
  cursor.trail.push(vmsd);
  const version = cursor.u32("version");
  const { read, inner = [] } = LAYOUTS[vmsd] as Layout;
  const builder = new FieldBuilder(cursor);
  read(builder);
  const subsections: Subsection[] = [];
  while (inner.includes(nameAt(cursor))) subsections.push(readSubsection(cursor));
  cursor.trail.pop();
  return { vmsd, version, offset, fields: builder.fields, subsections };
}

/** Name of the subsection that `cursor` stands before; there may be none. */
function nameAt({ view, at, end }: Cursor): string {
  return at < end ? view.text(at + 2, at + 2 + (view.octets[at + 1] as number)) : "";
}
