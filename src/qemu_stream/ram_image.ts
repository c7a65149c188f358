/**
 * The memory that a stream leaves a guest with, page by page: a later page replaces an earlier one,
 * and differences are applied to it. What was never sent is zeros, as a new machine has.
 *
 * What it does not do: open deflated pages, which are told apart by their octets.
 *
 * Source: QEMU, migration/xbzrle.c, xbzrle_decode_buffer(): runs of what stays and of new octets,
 * each with its length as uleb128.
 *
 * @module
 */
import type { FilledPage, Page } from "./ram.ts";
import type { Stream } from "./stream.ts";

/** A page: one octet throughout, its octets, or nothing that can be told. */
export type PageContent = number | Uint8Array | undefined;

export interface BlockImage {
  readonly size: number;
  /** By address in the block. */
  readonly pages: ReadonlyMap<number, PageContent>;
}

/** Blocks by name, of a stream that was read with its RAM. */
export function ramImage({ parts }: Stream, pageSize: number): ReadonlyMap<string, BlockImage> {
  const blocks = new Map<string, { size: number; pages: Map<number, PageContent> }>();
  let current: Map<number, PageContent> | undefined;
  for (const part of parts) {
    if (part.kind !== "section" || part.content.kind !== "ram") continue;
    for (const item of part.content.items ?? []) {
      if (item.kind === "blocks") {
        for (const { name, size } of item.blocks) blocks.set(name, { size, pages: new Map() });
      } else if ("address" in item) {
        if (item.block !== undefined) current = blocks.get(item.block)?.pages;
        current?.set(item.address, contentOf(item, current.get(item.address) ?? 0, pageSize));
      }
    }
  }
  return blocks;
}

function contentOf(item: FilledPage | Page, before: PageContent, pageSize: number): PageContent {
  if (item.kind === "fill") return item.octet;
  if (item.kind === "page") return item.octets;
  return item.kind === "xbzrle" ? changed(before, item.octets, pageSize) : undefined;
}

/** The page `before` with differences applied; undefined when they do not fit. */
function changed(before: PageContent, differences: Uint8Array, pageSize: number): PageContent {
  if (before === undefined) return undefined;
  const page = typeof before === "number" ? new Uint8Array(pageSize).fill(before) : before.slice();
  let place = 0;
  for (let at = 0; at < differences.length; ) {
    const stays = lengthAt(differences, at);
    const comes = lengthAt(differences, at + stays.octets);
    if (at + stays.octets === differences.length) return undefined;
    at += stays.octets + comes.octets;
    place += stays.length;
    if (place + comes.length > pageSize || at + comes.length > differences.length) return undefined;
    page.set(differences.subarray(at, at + comes.length), place);
    at += comes.length;
    place += comes.length;
  }
  return page;
}

/** A length of one octet or two. */
function lengthAt(octets: Uint8Array, at: number) {
  const first = octets[at] ?? 0;
  if (first < 0x80) return { length: first, octets: 1 };
  return { length: (first & 0x7f) | ((octets[at + 1] ?? 0) << 7), octets: 2 };
}
