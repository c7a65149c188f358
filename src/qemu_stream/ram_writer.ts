/**
 * Writes the items of RAM sections.
 *
 * @module
 */
import { WriteError } from "./error.ts";
import { writeShortText } from "./field_writer.ts";
import { type FilledPage, type Page, RAM_FLAGS, type RamItem, XBZRLE_HEAD } from "./ram.ts";
import type { Sink } from "./sink.ts";

export function writeRamItem(sink: Sink, item: RamItem): void {
  switch (item.kind) {
    case "end":
    case "flush":
      sink.u64(BigInt(RAM_FLAGS[item.kind]));
      return;
    case "blocks": {
      const total = item.blocks.reduce((sum, { size }) => sum + size, 0);
      writeAddress(sink, total, RAM_FLAGS.blocks);
      for (const { name, size, address } of item.blocks) {
        writeShortText(sink, name);
        sink.u64(BigInt(size));
        if (address !== undefined) sink.u64(address);
      }
      return;
    }
    default:
      writePage(sink, item);
  }
}

function writePage(sink: Sink, page: FilledPage | Page): void {
  const { kind, address, block } = page;
  writeAddress(sink, address, RAM_FLAGS[kind] | (block === undefined ? RAM_FLAGS.continue : 0));
  if (block !== undefined) writeShortText(sink, block);
  if (kind === "fill") {
    sink.u8(page.octet);
    return;
  }
  if (kind === "compressed") sink.u32(page.octets.length);
  if (kind === "xbzrle") {
    sink.u8(XBZRLE_HEAD);
    sink.u16(page.octets.length);
  }
  sink.put(page.octets);
}

function writeAddress(sink: Sink, address: number, flags: number): void {
  const low = address % 2 ** 32;
  if (!Number.isSafeInteger(address) || (low & 0xfff) !== 0) {
    throw new WriteError(`Cannot write an address as that of a page: current value is ${address}`);
  }
  sink.u32(Math.floor(address / 2 ** 32));
  sink.u32(low + flags);
}
