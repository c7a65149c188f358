/**
 * Where the stream of libxc in a suspend image ends: two headers, and records up to END. What is
 * in the records is no matter of xenopsd, and not looked at.
 *
 * Source: Xen, docs/specs/libxc-migration-stream.pandoc, revisions 2 and 3.
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";
import { SuspendImageError } from "./error.ts";

/** Octets of the image header, and of the domain header behind it. */
const IMAGE_HEADER = 24;
const HEADERS = IMAGE_HEADER + 16;
const RECORD_HEADER = 8;

/** "XENF", behind eight octets that are 0xff. */
const ID = 0x5845_4e46;
const VERSIONS = [2, 3];

/** Type of the record that ends the stream, and of one with pages of memory. */
const END = 0;
const PAGE_DATA = 1;

/** Octets of a record that libxc itself reads at most. */
export const LIBXC_RECORD_MAX = 128 * 1024 * 1024;

export interface LibxcStream {
  readonly version: number;
  /** 1 for a PV guest on x86, 2 for HVM. */
  readonly guest: number;
  readonly records: number;
  readonly page_records: number;
  readonly length: number;
}

/** The stream that begins at `start`; `path` names its unit. */
export function readLibxcStream(octets: Uint8Array, start: number, path: string): LibxcStream {
  const demand = (holds: boolean, at: number, field: string, reason: string) => {
    if (!holds) throw new SuspendImageError(reason, at, `${path}.${field}`);
  };
  const left = (at: number) => `${octets.length - at}`;
  const whole = octets.length - start >= HEADERS;
  demand(whole, start, "headers", `must have ${HEADERS} octets: there are ${left(start)}`);
  const big = new OctetView(octets, false);
  const isMarked = big.u64(start) === 0xffff_ffff_ffff_ffffn && big.u32(start + 8) === ID;
  demand(isMarked, start, "marker", "must be that of a stream of libxc");
  const version = big.u32(start + 12);
  demand(VERSIONS.includes(version), start + 12, "version", `must be 2 or 3: is ${version}`);
  const isBig = (big.u16(start + 16) & 1) === 1;
  const view = new OctetView(octets, !isBig);
  const guest = view.u32(start + IMAGE_HEADER);
  const counts = { records: 0, page_records: 0 };
  for (let at = start + HEADERS; ; ) {
    const isThere = octets.length - at >= RECORD_HEADER;
    demand(isThere, at, "record", `must have ${RECORD_HEADER} octets: there are ${left(at)}`);
    const type = view.u32(at);
    const length = view.u32(at + 4);
    const fits = length <= LIBXC_RECORD_MAX;
    demand(fits, at + 4, "record.length", `must be at most ${LIBXC_RECORD_MAX}: is ${length}`);
    const next = at + RECORD_HEADER + Math.ceil(length / 8) * 8;
    const body = `must be within the image: is ${length}, and ${left(at + RECORD_HEADER)} are left`;
    demand(next <= octets.length, at + 4, "record.length", body);
    counts.records++;
    if (type === PAGE_DATA) counts.page_records++;
    at = next;
    if (type === END) return { version, guest, ...counts, length: at - start };
  }
}
