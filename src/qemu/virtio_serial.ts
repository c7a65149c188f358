/**
 * The ports of virtio-serial, which follow the queues and the configuration of every virtio device.
 *
 * Source: QEMU, hw/char/virtio-serial-bus.c, virtio_serial_save_device() and _load_device().
 *
 * @module
 */
import type { Device, Revision } from "./device.ts";
import type { Visitor } from "./visitor.ts";

const FILE = "https://gitlab.com/qemu-project/qemu/-/blob/master/hw/char/virtio-serial-bus.c";
/** Ports of one device: `VIRTIO_SERIAL_MAX_PORTS` of 31, and one bit each in `ports_map`. */
const PORTS_MAX = 31;

/** A buffer of the guest that its port has taken in part; of its element, only where it is. */
export interface Popped {
  iov_idx: number;
  iov_offset: bigint;
  head: number;
}

export interface Port {
  id: number;
  guest_connected: number;
  host_connected: number;
  elem_popped: number;
  popped: Popped;
}

export interface VirtioSerial {
  cols: number;
  rows: number;
  max_nr_ports: number;
  ports_map: number[];
  ports: Port[];
}

const REVISIONS: readonly Revision[] = [
  { revision: 1, version: 1, minimum: 1, subsections: [], since: "0.10", source: FILE },
  { revision: 2, version: 2, minimum: 1, subsections: [], since: "0.13", source: FILE },
  { revision: 3, version: 3, minimum: 1, subsections: [], since: "0.15", source: FILE },
];

export const virtioSerial: Device<VirtioSerial> = {
  name: "virtio-console",
  revisions: REVISIONS,
  fresh: () => ({ cols: 0, rows: 0, max_nr_ports: PORTS_MAX, ports_map: [0], ports: [] }),

  visit(visitor, state, { version }) {
    // Version 1 was a console without ports.
    if (version < 2) return;
    visitor.u16(state, "cols");
    visitor.u16(state, "rows");
    visitor.u32(state, "max_nr_ports");
    visitor.array(state, "ports_map", 1, (items, at) => visitor.u32(items, at));
    visitor.list(
      state,
      "ports",
      port,
      (ports, at) => visitor.struct(ports, at, (one) => visitPort(visitor, one, version)),
      PORTS_MAX,
    );
  },
};

function visitPort(visitor: Visitor, one: Port, version: number): void {
  visitor.u32(one, "id");
  visitor.u8(one, "guest_connected");
  visitor.u8(one, "host_connected");
  if (version < 3) return;
  visitor.u32(one, "elem_popped");
  if (one.elem_popped === 0) return;
  visitor.struct(one, "popped", (popped) => {
    visitor.u32(popped, "iov_idx");
    visitor.u64(popped, "iov_offset");
    visitor.u32(popped, "head");
  });
}

export function port(): Port {
  const popped = { iov_idx: 0, iov_offset: 0n, head: 0 };
  return { id: 0, guest_connected: 0, host_connected: 0, elem_popped: 0, popped };
}
