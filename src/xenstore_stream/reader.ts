/**
 * A binary stream: its header, and its records one after the other to END.
 *
 * Which layout a stream has is not said in it; see `detect.ts`. Here it is given, or the version
 * of the header is believed.
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";
import { StreamError } from "./error.ts";
import { type Frame, frameAt, nameOfType, nextAt } from "./frame.ts";
import {
  ALIGNMENT,
  HEADER_SIZE,
  IDENT,
  type Layout,
  type Lengths,
  RECORD_HEADER_SIZE,
  RECORDS_MAX,
  type Shape,
  STREAM_SIZE_MAX,
  type Stream,
} from "./layout.ts";
import { RECORD_TYPES, type StreamRecord } from "./record.ts";
import { RecordReader } from "./record_reader.ts";

/** What is given is not looked for in the stream. */
export interface ReadOptions extends Partial<Shape> {
  /**
   * Takes each fault, and reading goes on behind it as far as there are records; without it the
   * first one is thrown. A record whose body cannot be read becomes a `DAMAGED` one.
   */
  readonly onFault?: (fault: StreamError) => void;
}

/** Reads a stream; the records are views into `octets`, which must not change. */
export function readStream(octets: Uint8Array, options: ReadOptions = {}): Stream {
  const header = readHeader(octets);
  const shape: Shape = {
    layout: options.layout ?? layoutOf(header.version, options),
    order: options.order ?? ((header.flags & 1) === 0 ? "little" : "big"),
    lengths: options.lengths ?? "spec",
    watchHead: options.watchHead ?? 12,
  };
  const view = new OctetView(octets, shape.order === "little");
  const lengths = options.lengths ?? lengthsOf(view, shape);
  const known = { ...shape, lengths };
  return { ...known, ...header, ...readRecords(view, known, options) };
}

/** Whether octets begin like a binary stream. */
export function isStream(octets: Uint8Array): boolean {
  for (let at = 0; at < IDENT.length; at++) {
    if (octets[at] !== IDENT.charCodeAt(at)) return false;
  }
  return true;
}

/** The header alone; what it says is not judged. */
export function readHeader(octets: Uint8Array): { version: number; flags: number } {
  const size = octets.length;
  if (size > STREAM_SIZE_MAX) {
    throw new StreamError(`must have at most ${STREAM_SIZE_MAX} octets`, 0, "stream");
  }
  if (!isStream(octets)) throw new StreamError(`must be "${IDENT}"`, 0, "header.ident");
  if (size < HEADER_SIZE) {
    const reason = `must have ${HEADER_SIZE} octets: current size is ${size}`;
    throw new StreamError(reason, size, "header");
  }
  const view = new OctetView(octets, false);
  return { version: view.u32(8), flags: view.u32(12) };
}

function layoutOf(version: number, { onFault }: ReadOptions): Layout {
  if (version === 1 || version === 2) return version === 1 ? "1" : "2";
  const reason = `must be 1 or 2: current value is ${version}`;
  const fault = new StreamError(reason, 8, "header.version");
  if (onFault === undefined) throw fault;
  onFault(fault);
  return "2";
}

/** `len` counts padding, as far as can be told, when it is a multiple of 8 everywhere. */
function lengthsOf(view: OctetView, shape: Shape): Lengths {
  let at = HEADER_SIZE;
  while (at + RECORD_HEADER_SIZE <= view.octets.length) {
    if (view.u32(at + 4) % ALIGNMENT !== 0) return "spec";
    if (view.u32(at) === RECORD_TYPES.END) break;
    at = nextAt(view, at, shape);
  }
  return "padded";
}

function readRecords(view: OctetView, shape: Shape, { onFault }: ReadOptions) {
  const { octets } = view;
  const reader = new RecordReader(view, shape);
  const records: StreamRecord[] = [];
  const fail = (fault: StreamError): void => {
    if (onFault === undefined) throw fault;
    onFault(fault);
  };
  let at = HEADER_SIZE;
  for (;;) {
    const hasHeader = at + RECORD_HEADER_SIZE <= octets.length;
    const frame = hasHeader ? frameAt(view, at, shape) : undefined;
    if (frame === undefined || frame.next > octets.length || records.length >= RECORDS_MAX) {
      fail(faultAt(at, octets.length, frame, records.length));
      break;
    }
    try {
      records.push(reader.read(frame));
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      fail(error);
      records.push(damaged(frame, octets));
    }
    at = frame.next;
    if (frame.type === RECORD_TYPES.END) break;
  }
  return { records, rest: octets.subarray(Math.min(at, octets.length)) };
}

/** Why no record can be read at `at` of `size` octets. */
function faultAt(at: number, size: number, frame: Frame | undefined, count: number): StreamError {
  if (at === size) return new StreamError("must be there: the stream ends before it", at, "END");
  if (frame === undefined) {
    const reason = `must have ${RECORD_HEADER_SIZE} octets: current rest is ${size - at}`;
    return new StreamError(reason, at, "record header");
  }
  if (count >= RECORDS_MAX) {
    return new StreamError(`must be at most ${RECORDS_MAX}`, at, "number of records");
  }
  const { type, len, body } = frame;
  const reason = `must be at most ${size - body}, what is left: current value is ${len}`;
  return new StreamError(reason, at + 4, `${nameOfType(type)}.len`);
}

function damaged({ type, body, len, next }: Frame, octets: Uint8Array): StreamRecord {
  const held = { body: octets.subarray(body, next), offset: body - RECORD_HEADER_SIZE };
  return { kind: "DAMAGED", type, length: len, ...held };
}
