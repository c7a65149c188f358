/**
 * A layout and a byte order that somebody names, in place of those that a stream seems to have.
 *
 * @module
 */
import { DUMP_IDENT } from "./dump.ts";
import { isDump } from "./dump_reader.ts";
import { StreamError } from "./error.ts";
import { IDENT, type Layout, type Order } from "./layout.ts";
import { isStream } from "./reader.ts";

/** What is absent is found out. */
export interface Forced {
  readonly layout?: Layout | "text";
  readonly order?: Order;
}

/** Layouts that can be named. */
export const LAYOUT_NAMES = ["draft", "1", "2", "text"] as const;
/** Byte orders that can be named. */
export const ORDER_NAMES = ["little", "big"] as const;

/** Demands that `octets` can be what is named. */
export function demandForced(octets: Uint8Array, { layout, order }: Forced): void {
  const isText = isDump(octets);
  if (!isText && !isStream(octets)) {
    throw new StreamError(`must begin with "${IDENT}" or "${DUMP_IDENT}"`, 0, "stream");
  }
  if (layout === "text" && !isText) {
    throw new StreamError(`must be "${DUMP_IDENT}", as layout text has it`, 0, "first line");
  }
  if (layout !== undefined && layout !== "text" && isText) {
    throw new StreamError(`must be "${IDENT}", as layout ${layout} has it`, 0, "header.ident");
  }
  if (order !== undefined && isText) {
    throw new StreamError(`must be binary to have a byte order: it is a text dump`, 0, "stream");
  }
}
