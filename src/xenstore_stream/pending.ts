/**
 * What is under way in a connection: messages of the xenstore protocol, of which the last one may
 * be cut.
 *
 * Source: Xen, xen/include/public/io/xs_wire.h: a header of four 32-bit numbers, native; the last
 * one is the length of the body.
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";

const HEADER_SIZE = 16;

/** Whether `octets` are messages that are whole. */
export function isWhole(octets: Uint8Array): boolean {
  const view = new OctetView(octets, true);
  let at = 0;
  while (at + HEADER_SIZE <= octets.length) at += HEADER_SIZE + view.u32(at + 12);
  return at === octets.length;
}
