/**
 * Memory of a guest as a stream of libxc with nothing else in it: enough for whoever has pages and
 * no processors, as a model does.
 *
 * Source: Xen, docs/specs/libxc-migration-stream.pandoc, revision 3.
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";

const PAGE = 4096;
const IMAGE_HEADER = 24;
const DOMAIN_HEADER = 16;
const RECORD_HEADER = 8;
/** Octets before the number of the first page in the body of PAGE_DATA. */
const PAGES_HEADER = 8;
const PAGE_DATA = 1;

/** A stream with all of `memory`, the last page filled up with zeros. */
export function writeLibxcStream(isHvm: boolean, memory: Uint8Array): Uint8Array {
  const pages = Math.ceil(memory.length / PAGE);
  const body = PAGES_HEADER + pages * (8 + PAGE);
  const records = IMAGE_HEADER + DOMAIN_HEADER;
  const octets = new Uint8Array(records + 2 * RECORD_HEADER + body);
  const big = new OctetView(octets, false);
  big.putU64(0, 0xffff_ffff_ffff_ffffn);
  big.putU32(8, 0x5845_4e46);
  big.putU32(12, 3);
  const view = new OctetView(octets, true);
  view.putU32(IMAGE_HEADER, isHvm ? 2 : 1);
  view.putU16(IMAGE_HEADER + 4, 12);
  view.putU32(IMAGE_HEADER + 8, 4);
  view.putU32(IMAGE_HEADER + 12, 17);
  view.putU32(records, PAGE_DATA);
  view.putU32(records + 4, body);
  const numbers = records + RECORD_HEADER + PAGES_HEADER;
  view.putU32(numbers - PAGES_HEADER, pages);
  for (let page = 0; page < pages; page++) view.putU64(numbers + 8 * page, BigInt(page));
  octets.set(memory, numbers + 8 * pages);
  return octets;
}

/** The pages of a stream that {@linkcode writeLibxcStream} has written. */
export function memoryOf(stream: Uint8Array): Uint8Array {
  const at = IMAGE_HEADER + DOMAIN_HEADER + RECORD_HEADER;
  const pages = new OctetView(stream, true).u32(at);
  const start = at + PAGES_HEADER + 8 * pages;
  return stream.subarray(start, start + pages * PAGE);
}
