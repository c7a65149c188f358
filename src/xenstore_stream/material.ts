/**
 * What a stream gives to be repaired: its records, and how they are written for the target.
 *
 * @module
 */
import { detect } from "./detect.ts";
import { readDump } from "./dump_reader.ts";
import { writeDump } from "./dump_writer.ts";
import type { Forced } from "./forced.ts";
import { usualLength } from "./frame.ts";
import { dumpRecords, type Ports } from "./from_dump.ts";
import type { Layout, Lengths, Shape, Stream } from "./layout.ts";
import { Ledger } from "./ledger.ts";
import { readHeader } from "./reader.ts";
import type { StreamRecord } from "./record.ts";
import { bodySize, typeOf } from "./record_writer.ts";
import { RepairError } from "./repair_error.ts";
import { versionFor } from "./repair_header.ts";
import { afterEnd, type Salvaged, salvage } from "./salvage.ts";
import type { Target } from "./target.ts";
import { dumpLines } from "./to_dump.ts";
import { writeStream } from "./writer.ts";

export interface Material {
  readonly layout: string;
  readonly why: string;
  readonly salvaged: readonly Salvaged[];
  readonly from: Shape;
  readonly fromLayout: Layout | "text";
  /** What `len` counts when it is written. */
  readonly lengths: Lengths;
  /** The records stay in their layout, so that their frames can be compared. */
  readonly isSame: boolean;
  /** Writes records, END excepted. */
  readonly write: (records: readonly StreamRecord[]) => Uint8Array;
}

/** What a binary stream gives. */
export function materialOf(
  octets: Uint8Array,
  target: Target,
  ledger: Ledger,
  forced: Forced,
): Material {
  const { layout, why, shape: believed, reading } = detect(octets, forced);
  if (layout === "ambiguous") {
    const names = "in two layouts, and the target's octets depend on it; name one of them";
    throw new RepairError(`Cannot repair the stream as it can be read ${names}`);
  }
  const { stream, faults } = reading;
  const isSound = faults.length === 0 && stream.records.every(({ length }) => length === undefined);
  const from = isSound ? believed : salvageableShape(octets, believed, forced);
  const salvaged = isSound ? soundOf(octets, stream, ledger) : salvage(octets, from, ledger);
  if (salvaged.at(-1)?.record.kind !== "END") {
    const text = "END, which a stream ends with";
    ledger.add({ offset: octets.length, section: "END", action: "added", text });
  }
  const records = salvaged.map(({ record }) => record);
  const version = versionFor({ ...stream, ...from }, records, target, ledger);
  const lengths = target.lengths.includes(from.lengths) ? from.lengths : usual(target);
  const write = writerFor(target, version, lengths, ledger);
  const isSame =
    target.layout !== "text" && (target.layout === "draft") === (from.layout === "draft");
  const fromLayout = from.layout;
  return { layout: fromLayout, why, salvaged, from, fromLayout, lengths, isSame, write };
}

/** The shape in which most of a stream can be salvaged. */
function salvageableShape(octets: Uint8Array, believed: Shape, forced: Forced): Shape {
  const { flags, version } = readHeader(octets);
  const said = (flags & 1) === 0 ? "little" : "big";
  const orders = [said, said === "little" ? "big" : "little"] as const;
  const layouts = [version === 1 ? "1" : "2", "draft"] as const;
  const shapes = orders.flatMap((order) =>
    layouts.map((layout) => {
      const usual = { layout, order, lengths: "spec", watchHead: 12 };
      return { ...believed, ...usual, ...forced } as Shape;
    }),
  );
  const scored = shapes.map((shape) => {
    const salvaged = salvage(octets, shape, new Ledger());
    const known = salvaged.filter(({ record }) => record.kind !== "UNKNOWN");
    const score = known.reduce((sum, { record, head }) => {
      return sum + 1 + bodySize(record, { ...shape, watchHead: head });
    }, 0);
    const isPadded = known.every(({ len }) => len % 8 === 0);
    return { shape: { ...shape, lengths: isPadded ? "padded" : "spec" } as Shape, score };
  });
  // Of two that are as good, what the header says is meant.
  return scored.reduce((best, one) => (one.score > best.score ? one : best)).shape;
}

/** What a text dump gives. */
export function textMaterialOf(octets: Uint8Array, target: Target, ledger: Ledger): Material {
  const dump = readDump(octets);
  const isBinary = target.layout !== "text";
  if (isBinary) {
    const text = `it is binary: ${target.reader} reads no text dump of oxenstored`;
    ledger.add({ offset: 0, section: "Header", action: "changed", text });
  } else if (!dump.isWhole) {
    const text = "the last line ends in a line feed: it may have been cut";
    ledger.add({ offset: octets.length, section: "lines", action: "changed", text });
  }
  const side = target.layout === "1" || target.layout === "2" ? "xenstored" : "domain";
  const { records, ports } = dumpRecords(dump, side, ledger);
  const layout: Layout = target.layout === "text" || side === "domain" ? "draft" : target.layout;
  const from = { layout, order: "little", lengths: usual(target), watchHead: 12 } as const;
  const version = target.versions[0] ?? 1;
  return {
    layout: "text",
    why: `the first line is that of oxenstored, and ${dump.lines.length} lines follow`,
    salvaged: records.map((record) => ({ record, len: 0, head: 12 })),
    from,
    fromLayout: "text",
    lengths: from.lengths,
    isSame: false,
    write: writerFor(target, version, from.lengths, ledger, ports),
  };
}

function usual({ lengths }: Target): Lengths {
  return lengths[0] ?? "padded";
}

/** Records whose lengths are right. */
function soundOf(octets: Uint8Array, stream: Stream, ledger: Ledger): readonly Salvaged[] {
  const { records, rest, watchHead: head } = stream;
  if (rest.length > 0) ledger.add(afterEnd(octets.length - rest.length, octets.length));
  if (stream.lengths === "packed") {
    const text = "padding to a multiple of 8 octets follows each record";
    ledger.add({ offset: 16, section: "Records", action: "changed", text });
  }
  return records.map((record) => {
    const len = usualLength(typeOf(record), bodySize(record, stream), stream);
    return { record, len, head };
  });
}

function writerFor(
  { layout, watchHead }: Target,
  version: number,
  lengths: Lengths,
  ledger: Ledger,
  ports?: Ports,
): Material["write"] {
  if (layout === "text") {
    const known = ports ?? { local: new Map() };
    const isDump = ports !== undefined;
    return (records) =>
      writeDump({ lines: dumpLines(records, known, ledger, isDump), isWhole: true });
  }
  return (records) =>
    writeStream({ layout, version, lengths, watchHead, records: [...records, { kind: "END" }] });
}
