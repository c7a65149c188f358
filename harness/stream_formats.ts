/**
 * The streams of records that say their own layout, as the command line asks for them.
 *
 * @module
 */
import {
  type Forced,
  inspect,
  LAYOUT_NAMES,
  ORDER_NAMES,
  RepairError,
  recordsJson,
  recordText,
  repair,
  StreamError,
  TARGET_NAMES,
} from "../src/xenstore_stream/mod.ts";
import { FormatError, type StreamFormat } from "./cli/product.ts";

export const xenstoreStream: StreamFormat = {
  layouts: LAYOUT_NAMES,
  orders: ORDER_NAMES,
  targets: TARGET_NAMES,
  inspect: (bytes, named) =>
    reading(() => {
      const inspection = inspect(bytes, named as Forced);
      const records = { [Symbol.iterator]: () => recordsJson(inspection) };
      return { ...inspection, records, lineOf: (record) => recordText(record as JsonRecord) };
    }),
  repair: (bytes, target, named) =>
    reading(() => {
      const { holds, ...repaired } = repair(bytes, target, named as Forced);
      return { ...repaired, holds: { ...holds } };
    }),
};

type JsonRecord = Parameters<typeof recordText>[0];

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RepairError) throw new FormatError(error.message);
    if (!(error instanceof StreamError)) throw error;
    throw new FormatError(error.reason, error.offset, error.path);
  }
}
