/**
 * Controller properties in the first BAR: where they are, and their fields. Source: NVM Express
 * Base Specification 2.0c, 3.1.3; doorbells: NVMe over PCIe Transport Specification 1.0c, 3.1.2.
 *
 * @module
 */

/** Offsets. CAP, ASQ and ACQ have 64 bits, all others 32. */
export const REGISTER = {
  CAP: 0x00,
  VS: 0x08,
  INTMS: 0x0c,
  INTMC: 0x10,
  CC: 0x14,
  CSTS: 0x1c,
  AQA: 0x24,
  ASQ: 0x28,
  ACQ: 0x30,
  DOORBELLS: 0x1000,
} as const;

/** Controller configuration: masks, and positions of fields. */
export const CC = {
  EN: 0x1,
  CSS_SHIFT: 4,
  MPS_SHIFT: 7,
  AMS_SHIFT: 11,
  SHN_SHIFT: 14,
  IOSQES_SHIFT: 16,
  IOCQES_SHIFT: 20,
} as const;

/** Controller status: ready, fatal status, shutdown status. */
export const CSTS = { RDY: 0x1, CFS: 0x2, SHST: 0xc, SHST_OCCURRING: 0x4, SHST_COMPLETE: 0x8 };

/** Version 2.0.0. */
export const VS_2_0 = 0x0002_0000;

/** What a read gives when no device answers. */
export const NOBODY = 0xffff_ffff;

/** A doorbell stride of 4 octets, CAP.DSTRD 0. */
const DOORBELL_STRIDE = 4;

/** Fields of CAP that differ between controllers; its other fields are the same in all. */
export interface Capabilities {
  /** Entries of the longest queue; MQES is one less. */
  readonly queueEntriesMax: number;
  /** TO: longest time until CSTS.RDY follows CC.EN, in units of 500 ms. */
  readonly readyTimeout: number;
}

/** CAP: queues must lie in a row (CQR), NVM command set, pages of 4 KiB and no others. */
export function encodeCapabilities({ queueEntriesMax, readyTimeout }: Capabilities): bigint {
  const mqes = BigInt(queueEntriesMax - 1) & 0xffffn;
  const cqr = 1n << 16n;
  const css = 1n << 37n;
  return mqes | cqr | (BigInt(readyTimeout) << 24n) | css;
}

/** MQES of CAP: entries of the longest queue, less one. */
export function queueEntriesOf(cap: bigint): number {
  return Number(cap & 0xffffn);
}

/** MPSMIN of CAP: the smallest page is 2^(12 + MPSMIN) octets. */
export function pageShiftOf(cap: bigint): number {
  return Number((cap >> 48n) & 0xfn);
}

/** Offset of a tail doorbell (submission) or a head doorbell (completion). */
export function doorbellAt(qid: number, of: "submission" | "completion"): number {
  return REGISTER.DOORBELLS + (2 * qid + (of === "completion" ? 1 : 0)) * DOORBELL_STRIDE;
}
