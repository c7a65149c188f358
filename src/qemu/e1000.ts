/**
 * e1000: Intel's 82540EM, as QEMU keeps it.
 *
 * Source: QEMU, hw/net/e1000.c, vmstate_e1000 and its subsections; the order of fields is that of
 * the streams in fixtures/qemu, which describe themselves.
 *
 * @module
 */
import type { Device, Form, Revision } from "./device.ts";
import type { Visitor } from "./visitor.ts";

const FILE = "https://gitlab.com/qemu-project/qemu/-/blob/master/hw/net/e1000.c";

export const MITIGATION = "e1000/mit_state";
export const FULL_MAC = "e1000/full_mac_state";
export const TSO = "e1000/tx_tso_state";

const REGISTERS = [
  ..."CTRL EECD EERD GPRC GPTC ICR ICS IMC IMS LEDCTL MANC MDIC MPC PBA RCTL RDBAH RDBAL".split(
    " ",
  ),
  ..."RDH RDLEN RDT STATUS SWSM TCTL TDBAH TDBAL TDH TDLEN TDT TORH TORL TOTH TOTL TPR".split(" "),
  ..."TPT TXDCTL WUFC VET".split(" "),
];
const HEADER_SIZE = 256;
const DATA_SIZE = 0x1_0000;
const FULL_MAC_COUNT = 0x8000;

export interface Context {
  ipcss: number;
  ipcso: number;
  ipcse: number;
  tucss: number;
  tucso: number;
  tucse: number;
  paylen: number;
  hdr_len: number;
  mss: number;
  ip: number;
  tcp: number;
}

export interface E1000 {
  parent_obj: { version_id: number; config: Uint8Array; irq_state: number[] };
  rxbuf_size: number;
  rxbuf_min_shift: number;
  eecd_state: {
    val_in: number;
    bitnum_in: number;
    bitnum_out: number;
    reading: number;
    old_eecd: number;
  };
  props: Context;
  tx: {
    size: number;
    tso_frames: number;
    sum_needed: number;
    header: Uint8Array;
    data: Uint8Array;
  };
  eeprom_data: number[];
  phy_reg: number[];
  mac: Record<string, number>;
  ra: number[];
  mta: number[];
  vfta: number[];
  mitigation: { RDTR: number; RADV: number; TADV: number; ITR: number; mit_irq_level: boolean };
  full_mac: number[];
  tso_props: Context;
}

const REVISIONS: readonly Revision[] = [
  revision(1, 1, [], "0.10"),
  revision(2, 2, [], "0.12"),
  revision(3, 2, [MITIGATION], "1.7"),
  revision(4, 2, [MITIGATION, FULL_MAC], "2.5"),
  revision(5, 2, [MITIGATION, FULL_MAC, TSO], "2.12"),
];

export const e1000: Device<E1000> = {
  name: "e1000",
  revisions: REVISIONS,
  fresh: () => ({
    parent_obj: { version_id: 2, config: new Uint8Array(256), irq_state: zeros(4) },
    rxbuf_size: 2048,
    rxbuf_min_shift: 1,
    eecd_state: { val_in: 0, bitnum_in: 0, bitnum_out: 0, reading: 0, old_eecd: 0 },
    props: context(),
    tx: {
      size: 0,
      tso_frames: 0,
      sum_needed: 0,
      header: new Uint8Array(HEADER_SIZE),
      data: new Uint8Array(DATA_SIZE),
    },
    eeprom_data: zeros(64),
    phy_reg: zeros(32),
    mac: Object.fromEntries(REGISTERS.map((name) => [name, 0])),
    ra: zeros(32),
    mta: zeros(128),
    vfta: zeros(128),
    mitigation: { RDTR: 0, RADV: 0, TADV: 0, ITR: 0, mit_irq_level: false },
    full_mac: zeros(FULL_MAC_COUNT),
    tso_props: context(),
  }),

  visit(visitor, state, form) {
    visitor.struct(state, "parent_obj", (pci) => {
      visitor.i32(pci, "version_id");
      visitor.buffer(pci, "config", 256);
      words(visitor, pci, "irq_state", 4);
    });
    if (form.version < 2) unused(visitor, "instance_id");
    unused(visitor, "mmio_base");
    visitor.u32(state, "rxbuf_size");
    visitor.u32(state, "rxbuf_min_shift");
    visitor.struct(state, "eecd_state", (eecd) => {
      visitor.u32(eecd, "val_in");
      for (const name of ["bitnum_in", "bitnum_out", "reading"] as const) visitor.u16(eecd, name);
      visitor.u32(eecd, "old_eecd");
    });
    visitTransmission(visitor, state);
    visitor.array(state, "eeprom_data", 64, (items, at) => visitor.u16(items, at));
    visitor.array(state, "phy_reg", 32, (items, at) => visitor.u16(items, at));
    visitor.struct(state, "mac", (mac) => {
      for (const name of REGISTERS) visitor.u32(mac, name);
    });
    words(visitor, state, "ra", 32);
    words(visitor, state, "mta", 128);
    words(visitor, state, "vfta", 128);
    visitor.subsections("e1000", subsectionsOf(visitor, state, form));
  },
};

/** The two contexts share one place in older releases; newer ones say which one was used. */
function visitTransmission(visitor: Visitor, state: E1000): void {
  const { props, tx } = state;
  visitor.struct(state, "props", () => visitHead(visitor, props));
  visitor.struct(state, "tx", () => {
    visitor.u16(tx, "size");
    visitor.u16(tx, "tso_frames");
    visitor.u8(tx, "sum_needed");
    visitor.i8(props, "ip");
    visitor.i8(props, "tcp");
    visitor.buffer(tx, "header", HEADER_SIZE);
    visitor.buffer(tx, "data", DATA_SIZE);
  });
}

function visitHead(visitor: Visitor, props: Context): void {
  visitor.u8(props, "ipcss");
  visitor.u8(props, "ipcso");
  visitor.u16(props, "ipcse");
  visitor.u8(props, "tucss");
  visitor.u8(props, "tucso");
  visitor.u16(props, "tucse");
  visitor.u32(props, "paylen");
  visitor.u8(props, "hdr_len");
  visitor.u16(props, "mss");
}

/** Each is there whenever its release knows it and its machine has not turned it off. */
function subsectionsOf(visitor: Visitor, state: E1000, { subsections }: Form) {
  const { mitigation, tso_props } = state;
  const known = [
    {
      name: MITIGATION,
      visit() {
        for (const name of ["RDTR", "RADV", "TADV", "ITR"] as const) visitor.u32(mitigation, name);
        visitor.bool(mitigation, "mit_irq_level");
      },
    },
    { name: FULL_MAC, visit: () => words(visitor, state, "full_mac", FULL_MAC_COUNT) },
    {
      name: TSO,
      visit() {
        visitHead(visitor, tso_props);
        visitor.i8(tso_props, "ip");
        visitor.i8(tso_props, "tcp");
      },
    },
  ];
  return known
    .filter(({ name }) => subsections.has(name))
    .map((one) => ({ ...one, version: 1, isNeeded: true }));
}

/** Octets whose field is gone, and which must be passed over. */
function unused(visitor: Visitor, name: string): void {
  visitor.buffer({ [name]: new Uint8Array(4) }, name, 4);
}

function words<K extends PropertyKey>(
  visitor: Visitor,
  state: { [P in K]: number[] },
  name: K,
  length: number,
): void {
  visitor.array(state, name, length, (items, at) => visitor.u32(items, at));
}

function context(): Context {
  const head = { ipcss: 0, ipcso: 0, ipcse: 0, tucss: 0, tucso: 0, tucse: 0 };
  return { ...head, paylen: 0, hdr_len: 0, mss: 0, ip: 0, tcp: 0 };
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}

function revision(
  number: number,
  version: number,
  subsections: readonly string[],
  since: string,
): Revision {
  return { revision: number, version, minimum: 1, subsections, since, source: FILE };
}
