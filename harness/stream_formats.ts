/**
 * The streams of records that say their own layout, as the command line asks for them.
 *
 * @module
 */
import {
  outOfOrder,
  READER,
  readImage,
  readVgpuStream,
  type ShownUnit,
  SIGNATURE_LENGTH,
  SuspendImageError,
  shownUnit,
  unitLine,
} from "../src/suspend_image/mod.ts";
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

/** Layouts of suspend images: those of the signatures, and what has none. */
const IMAGE_LAYOUTS = ["v2", "legacy", "vgpu"];

export const suspendImage: StreamFormat = {
  layouts: IMAGE_LAYOUTS,
  orders: [],
  targets: [],
  inspect: (bytes, named) =>
    reading(() => {
      const isVgpu = named.layout === "vgpu";
      const image = isVgpu ? readVgpuStream(bytes, READER) : readImage(bytes, READER);
      const { units, layout, end } = image;
      if (!isVgpu && named.layout !== undefined && named.layout !== layout) {
        throw new FormatError(`must be ${named.layout}: its signature says ${layout}`, 0);
      }
      const deviations = outOfOrder(image).map(({ unit, before }) => {
        const text = `${unit.name} comes after ${before}, which no writer does`;
        return { offset: unit.offset, section: "order of the writer", text };
      });
      const signature = isVgpu ? 0 : SIGNATURE_LENGTH;
      return {
        layout: isVgpu ? "vgpu" : layout,
        why: isVgpu ? "it was asked for" : "its signature says so",
        header: { signature_octets: signature, end, octets_behind: bytes.length - end },
        records: units.map((unit) => ({ ...shownUnit(unit) })),
        violations: [],
        violationCount: 0,
        deviations,
        lineOf: (record) => unitLine(record as unknown as ShownUnit),
      };
    }),
  repair: () => {
    throw new FormatError("no target is known that a suspend image can be repaired for");
  },
};

type JsonRecord = Parameters<typeof recordText>[0];

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RepairError) throw new FormatError(error.message);
    if (!(error instanceof StreamError || error instanceof SuspendImageError)) throw error;
    throw new FormatError(error.reason, error.offset, error.path);
  }
}
