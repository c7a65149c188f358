/**
 * How long a record is by its own fields, whatever its `len` says.
 *
 * @module
 */
import type { OctetView } from "../bytes/octet_view.ts";
import type { Frame } from "./frame.ts";
import { aligned, type Shape } from "./layout.ts";
import { NODE_HEAD_SIZE, ReadNode } from "./node.ts";
import { RECORD_TYPES } from "./record.ts";

/**
 * Octets of the body of a record, as its fields have it; undefined when these do not tell. Names of
 * quotas are looked for no further than `len` goes.
 */
export function naturalSize(
  view: OctetView,
  { type, body, len }: Pick<Frame, "type" | "body" | "len">,
  { layout, watchHead }: Shape,
): number | undefined {
  const isDraft = layout === "draft";
  if (isDraft && type > RECORD_TYPES.NODE_DATA) return undefined;
  const rest = view.octets.length - body;
  switch (type) {
    case RECORD_TYPES.END:
      return 0;
    case RECORD_TYPES.GLOBAL_DATA:
    case RECORD_TYPES.TRANSACTION_DATA:
      return 8;
    case RECORD_TYPES.CONNECTION_DATA:
      if (isDraft) return rest < 28 ? undefined : 28 + view.u32(body + 24);
      return rest < 24 ? undefined : connectionSize(view, body);
    case RECORD_TYPES.WATCH_DATA:
      return rest < 8 ? undefined : 8 + view.u16(body + 4) + view.u16(body + 6);
    case RECORD_TYPES.WATCH_DATA_EXTENDED:
      return rest < 8 ? undefined : watchHead + view.u16(body + 4) + view.u16(body + 6);
    case RECORD_TYPES.NODE_DATA:
      return nodeSize(view, body, isDraft);
    case RECORD_TYPES.GLOBAL_QUOTA_DATA:
      if (rest < 4) return undefined;
      return quotasSize(view, body, body + len, 4, view.u16(body) + view.u16(body + 2));
    case RECORD_TYPES.DOMAIN_DATA:
      return rest < 8 ? undefined : quotasSize(view, body, body + len, 8, view.u16(body + 2));
    default:
      return undefined;
  }
}

function connectionSize(view: OctetView, body: number): number {
  const size = 24 + view.u16(body + 16) + view.u32(body + 20);
  return (view.u16(body + 6) & 1) === 0 ? size : aligned(size) + 8;
}

function nodeSize(view: OctetView, body: number, isDraft: boolean): number | undefined {
  const rest = view.octets.length - body;
  if (rest < NODE_HEAD_SIZE) return undefined;
  if (isDraft && rest < NODE_HEAD_SIZE + 4 * view.u16(body + 10)) return undefined;
  return new ReadNode(view, body, isDraft).end - body;
}

/** Names say by their NULs where they end. */
function quotasSize(view: OctetView, body: number, limit: number, head: number, count: number) {
  const octets = view.octets.subarray(0, Math.min(limit, view.octets.length));
  let at = body + head + 4 * count;
  for (let index = 0; index < count; index++) {
    const nul = at < octets.length ? octets.indexOf(0, at) : -1;
    if (nul < 0) return undefined;
    at = nul + 1;
  }
  return at - body;
}
