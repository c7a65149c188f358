/**
 * A 16550A serial port.
 *
 * Source: QEMU, hw/char/serial.c, vmstate_serial and its subsections; serial_load() of QEMU 0.10,
 * which read three versions.
 *
 * @module
 */
import type { Device, Revision } from "./device.ts";
import type { Subsection, Visitor } from "./visitor.ts";

const FILE = "https://gitlab.com/qemu-project/qemu/-/blob/master/hw/char/serial.c";
/** UART_FIFO_LENGTH. */
const FIFO_SIZE = 16;

export interface Fifo {
  data: Uint8Array;
  head: number;
  num: number;
}

export interface Serial {
  divider: number;
  rbr: number;
  ier: number;
  iir: number;
  lcr: number;
  mcr: number;
  lsr: number;
  msr: number;
  scr: number;
  /** The register of the FIFO control, which version 3 brought. */
  fcr: number;
  thr_ipending: number;
  tsr_retry: number;
  thr: number;
  tsr: number;
  recv_fifo: Fifo;
  xmit_fifo: Fifo;
  fifo_timeout: bigint;
  timeout_ipending: number;
  poll_msl: number;
  modem_status_poll: bigint;
}

export const SERIAL_SUBSECTIONS = [
  "serial/thr_ipending",
  "serial/tsr",
  "serial/recv_fifo",
  "serial/xmit_fifo",
  "serial/fifo_timeout_timer",
  "serial/timeout_ipending",
  "serial/poll",
] as const;

const REVISIONS: readonly Revision[] = [
  { revision: 1, version: 1, minimum: 1, subsections: [], since: "0.8", source: FILE },
  { revision: 2, version: 2, minimum: 1, subsections: [], since: "0.9", source: FILE },
  { revision: 3, version: 3, minimum: 1, subsections: [], since: "0.10", source: FILE },
  {
    revision: 4,
    version: 3,
    minimum: 2,
    subsections: SERIAL_SUBSECTIONS,
    since: "2.2",
    source:
      "https://gitlab.com/qemu-project/qemu/-/commit/7385b275d9ecd8c1d74bd6ca5e9e0e6a0d4b7e25",
  },
];

export const serial: Device<Serial> = {
  name: "serial",
  revisions: REVISIONS,
  fresh: () => ({
    ...{ divider: 0, rbr: 0, ier: 0, iir: 1, lcr: 0, mcr: 8, lsr: 0x60, msr: 0xb0, scr: 0, fcr: 0 },
    ...{ thr_ipending: 0, tsr_retry: 0, thr: 0, tsr: 0 },
    recv_fifo: fifo(),
    xmit_fifo: fifo(),
    ...{ fifo_timeout: -1n, timeout_ipending: 0, poll_msl: -1, modem_status_poll: -1n },
  }),

  visit(visitor, state, { version, subsections }) {
    if (version >= 2) visitor.u16(state, "divider");
    else visitLowDivider(visitor, state);
    const registers = ["rbr", "ier", "iir", "lcr", "mcr", "lsr", "msr", "scr"] as const;
    for (const name of registers) visitor.u8(state, name);
    if (version >= 3) visitor.u8(state, "fcr");
    const known = subsectionsOf(visitor, state);
    visitor.subsections(
      "serial",
      known.filter(({ name }) => subsections.has(name)),
    );
  },
};

/** Version 1 had eight bits for it, and lost the others without a word. */
function visitLowDivider(visitor: Visitor, state: Serial): void {
  const low = { divider: state.divider & 0xff };
  visitor.u8(low, "divider");
  if (visitor.loads) state.divider = low.divider;
}

function subsectionsOf(visitor: Visitor, state: Serial): readonly Subsection[] {
  const one = (name: string, isNeeded: boolean, visit: () => void) => ({
    name: `serial/${name}`,
    version: 1,
    isNeeded,
    visit,
  });
  const inFifo = (kind: "recv_fifo" | "xmit_fifo") =>
    one(kind, state[kind].num > 0, () => {
      visitor.struct(state, kind, (inner) => {
        visitor.buffer(inner, "data", FIFO_SIZE);
        visitor.u32(inner, "head");
        visitor.u32(inner, "num");
      });
    });
  // LSR_THRE and IIR_THRI in agreement need no word of it.
  const isPending = state.thr_ipending !== Number((state.iir & 0xe) === 2);
  return [
    one("thr_ipending", isPending, () => visitor.i32(state, "thr_ipending")),
    one("tsr", state.tsr_retry !== 0, () => {
      visitor.u32(state, "tsr_retry");
      visitor.u8(state, "thr");
      visitor.u8(state, "tsr");
    }),
    inFifo("recv_fifo"),
    inFifo("xmit_fifo"),
    one("fifo_timeout_timer", state.fifo_timeout >= 0n, () => visitor.i64(state, "fifo_timeout")),
    one("timeout_ipending", state.timeout_ipending !== 0, () =>
      visitor.i32(state, "timeout_ipending"),
    ),
    one("poll", state.poll_msl >= 0, () => {
      visitor.i32(state, "poll_msl");
      visitor.i64(state, "modem_status_poll");
    }),
  ];
}

function fifo(): Fifo {
  return { data: new Uint8Array(FIFO_SIZE), head: 0, num: 0 };
}
