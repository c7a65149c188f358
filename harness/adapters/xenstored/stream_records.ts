/**
 * The records of a stream that C xenstored has written, as far as changes of it need them.
 *
 * Source: Xen, docs/designs/xenstore-migration.md; tools/xenstored/xenstore_state.h. Only what the
 * program writes on a little-endian machine is read; src/xenstore_stream reads anything.
 *
 * @module
 */

export const HEADER_LENGTH = 16;
const RECORD_HEADER_LENGTH = 8;
/** Bodies are padded to a multiple of this. */
const ALIGNMENT = 8;

export const [END, GLOBAL_DATA, CONNECTION_DATA, WATCH_DATA, TRANSACTION_DATA, NODE_DATA] = [
  0, 1, 2, 3, 4, 5,
] as const;

export interface StreamRecord {
  readonly type: number;
  /** With the padding, as the program counts it. */
  readonly body: Buffer;
}

/** The records of `stream`, up to END and with it. */
export function recordsOf(stream: Uint8Array): StreamRecord[] {
  const octets = Buffer.from(stream);
  const records: StreamRecord[] = [];
  for (let at = HEADER_LENGTH; at + RECORD_HEADER_LENGTH <= octets.length; ) {
    const type = octets.readUInt32LE(at);
    const from = at + RECORD_HEADER_LENGTH;
    at = from + octets.readUInt32LE(at + 4);
    records.push({ type, body: octets.subarray(from, at) });
    if (type === END) break;
  }
  return records;
}

/** A record as it is written; `length` is what its header says. */
export function encodeRecord({ type, body }: StreamRecord, length = body.length): Buffer {
  const header = Buffer.alloc(RECORD_HEADER_LENGTH);
  header.writeUInt32LE(type, 0);
  header.writeUInt32LE(length, 4);
  return Buffer.concat([header, body]);
}

/** Octets of the body without its padding. */
export function exactLength({ type, body }: StreamRecord): number {
  const u16 = (at: number) => body.readUInt16LE(at);
  if (type === CONNECTION_DATA) return 24 + u16(16) + body.readUInt32LE(20);
  if (type === WATCH_DATA) return 8 + u16(4) + u16(6);
  if (type === NODE_DATA) return 16 + 4 * u16(14) + u16(8) + u16(10);
  return body.length;
}

/** A record of u16 words, after two u32 ones, and text. */
export function newRecord(
  type: number,
  [first, second]: readonly [number, number?],
  words: readonly number[],
  text: string,
): StreamRecord {
  const wide = second === undefined ? [first] : [first, second];
  const exact = 4 * wide.length + 2 * words.length + text.length;
  const body = Buffer.alloc(Math.ceil(exact / ALIGNMENT) * ALIGNMENT);
  let at = 0;
  for (const word of wide) at = body.writeUInt32LE(word, at);
  for (const word of words) at = body.writeUInt16LE(word, at);
  body.write(text, at, "latin1");
  return { type, body };
}
