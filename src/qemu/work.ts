/**
 * What a guest has done to its devices, so that they hold something to be lost. A device of an old
 * release, or of an old type of machine, holds what it has a place for.
 *
 * @module
 */
import type { E1000 } from "./e1000.ts";
import { FULL_MAC, MITIGATION, TSO } from "./e1000.ts";
import type { Machine } from "./machine.ts";
import type { Namespace, Nvme } from "./nvme.ts";
import { deviceOf, revisionOf } from "./release.ts";
import type { Serial } from "./serial.ts";
import { port, type VirtioSerial } from "./virtio_serial.ts";

/** Divider of 300 baud, which eight bits do not hold. */
const DIVIDER = 384;

/** Puts every device of `machine` to work. */
export function putToWork(machine: Machine): void {
  const { release, type } = machine.make;
  const off = new Set(type.compat.map(({ subsection }) => subsection));
  for (const [name, state] of machine.states) {
    const { revision, version, subsections } = revisionOf(
      deviceOf(name),
      release.devices[name] ?? 0,
    );
    // What only the stream leaves out, the guest still uses.
    const has = (one: string) => subsections.includes(one) && (one === TSO || !off.has(one));
    if (name === "e1000") sendPackets(state as E1000, has);
    if (name === "serial") typeText(state as Serial, version, subsections.length > 0);
    if (name === "virtio-console") openPorts(state as VirtioSerial, version);
    if (name === "nvme") queueCommands(state as Nvme, revision === 1);
    if (name === "nvme-ns") Object.assign(state, { namespaces: namespaces() });
  }
}

function sendPackets(state: E1000, has: (subsection: string) => boolean): void {
  Object.assign(state.mac, { CTRL: 0x14_0240, TDH: 7, TDT: 9, RCTL: 0x8002, ICR: 3 });
  state.phy_reg[0] = 0x1140;
  state.tx.size = 3;
  state.tx.data.set([0xde, 0xad, 0xbe]);
  Object.assign(state.props, { paylen: 2960, hdr_len: 54, mss: 1480, ip: 1, tcp: 1 });
  if (has(MITIGATION)) Object.assign(state.mitigation, { RADV: 64, ITR: 200, mit_irq_level: true });
  if (has(FULL_MAC)) state.full_mac[0x4034 / 4] = 12;
  if (has(TSO)) Object.assign(state.tso_props, { paylen: 1480, hdr_len: 66, mss: 1448 });
}

function typeText(state: Serial, version: number, isLate: boolean): void {
  Object.assign(state, { divider: DIVIDER, ier: 5, iir: 0xc4, lcr: 3, scr: 0x5a });
  if (version >= 3) state.fcr = 0x81;
  if (!isLate) return;
  state.recv_fifo.data.set([0x66, 0x7a, 0x74]);
  state.recv_fifo.num = 3;
  state.timeout_ipending = 1;
}

function openPorts(state: VirtioSerial, version: number): void {
  if (version < 2) return;
  state.ports_map = [3];
  const console = { ...port(), guest_connected: 1, host_connected: 1 };
  const agent = { ...port(), id: 1, guest_connected: 1 };
  if (version >= 3) {
    agent.elem_popped = 1;
    agent.popped = { iov_idx: 1, iov_offset: 300n, head: 5 };
  }
  state.ports = [console, agent];
}

function queueCommands(state: Nvme, hasNamespaces: boolean): void {
  Object.assign(state, { cc: 0x46_0001, csts: 1, aqa: 0x1f_001f, asq: 0x1000n, acq: 0x2000n });
  state.queues = [{ cqid: 1, base: 0x1_0000_3000n, size: 64, head: 4, tail: 9, phase: 1 }];
  state.event = { type: 2, info: 0, log: 4 };
  if (hasNamespaces) state.namespaces = namespaces();
}

function namespaces(): Namespace[] {
  return [
    { nsid: 1, nsze: 0x10_0000n, lbads: 9 },
    { nsid: 2, nsze: 0x2_0000_0000n, lbads: 12 },
  ];
}
