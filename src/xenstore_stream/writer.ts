/**
 * Records to a binary stream. What was read and not changed is written as the same octets.
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";
import { WriteError } from "./error.ts";
import { usualLength } from "./frame.ts";
import {
  aligned,
  HEADER_SIZE,
  IDENT,
  RECORD_HEADER_SIZE,
  RECORDS_MAX,
  type Shape,
  STREAM_SIZE_MAX,
  type Stream,
} from "./layout.ts";
import { RECORD_TYPES, type StreamRecord } from "./record.ts";
import { bodySize, RecordWriter, typeOf } from "./record_writer.ts";

/** A stream to write; what is left out is as C xenstored writes it on a little-endian host. */
export type StreamToWrite = Pick<Stream, "layout" | "records"> & Partial<Stream>;

/** Where the parts of a record come to stand. */
interface Place {
  readonly record: StreamRecord;
  readonly at: number;
  readonly size: number;
  readonly len: number;
  readonly next: number;
}

/** Writes a stream; END is a record like any other and must be among them. */
export function writeStream(stream: StreamToWrite): Uint8Array {
  const { layout, records, order = "little", lengths = "padded", watchHead = 12 } = stream;
  const shape: Shape = { layout, order, lengths, watchHead };
  const { version = layout === "2" ? 2 : 1, flags = order === "big" ? 1 : 0 } = stream;
  const rest = stream.rest ?? new Uint8Array();
  const places = placesOf(records, shape);
  const end = places.at(-1)?.next ?? HEADER_SIZE;
  demandSize(end + rest.length);
  const octets = new Uint8Array(end + rest.length);
  const header = new OctetView(octets, false);
  header.putText(0, IDENT);
  header.putU32(8, version);
  header.putU32(12, flags);
  const view = new OctetView(octets, order === "little");
  const writer = new RecordWriter(view, shape);
  for (const place of places) writeRecord(view, writer, place);
  octets.set(rest, end);
  return octets;
}

function placesOf(records: readonly StreamRecord[], shape: Shape): Place[] {
  if (records.length > RECORDS_MAX) {
    throw new WriteError(
      `Cannot write more than ${RECORDS_MAX} records: current number is ${records.length}`,
    );
  }
  let at = HEADER_SIZE;
  return records.map((record) => {
    const place = placeOf(record, at, shape);
    at = place.next;
    demandSize(at);
    return place;
  });
}

function placeOf(record: StreamRecord, at: number, shape: Shape): Place {
  const size = bodySize(record, shape);
  const type = typeOf(record);
  const len = record.length ?? usualLength(type, size, shape);
  const body = at + RECORD_HEADER_SIZE;
  const isShort = type === RECORD_TYPES.WATCH_DATA_EXTENDED && shape.watchHead === 8;
  const framed = isShort || record.kind === "DAMAGED" ? size : len;
  const next = body + (shape.lengths === "packed" ? framed : aligned(framed));
  if (body + size > next || (len < size && record.kind !== "DAMAGED")) {
    throw new WriteError(`Cannot write ${record.kind} as it has ${size} octets: its len is ${len}`);
  }
  return { record, at, size, len, next };
}

function writeRecord(
  view: OctetView,
  writer: RecordWriter,
  { record, at, len, next }: Place,
): void {
  view.putU32(at, typeOf(record));
  view.putU32(at + 4, len);
  const body = at + RECORD_HEADER_SIZE;
  writer.write(record, body);
  for (const kept of record.kept ?? []) {
    if (body + kept.at + kept.octets.length > next) {
      throw new WriteError(`Cannot write ${record.kind} as what was kept must fit in it`);
    }
    view.octets.set(kept.octets, body + kept.at);
  }
}

function demandSize(size: number): void {
  if (size <= STREAM_SIZE_MAX) return;
  throw new WriteError(
    `Cannot write a stream of more than ${STREAM_SIZE_MAX} octets: current size is ${size}`,
  );
}
