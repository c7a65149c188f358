/**
 * A zstd frame of blocks that are not compressed: any decoder of zstd can read it.
 *
 * Source: RFC 8878, section 3.1.1.
 *
 * @module
 */
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** No size of the content, no checksum, a window of one mebibyte. */
const HEADER = [...MAGIC, 0x00, 0x50];
const BLOCK_HEADER = 3;
const BLOCK_MAX = 128 * 1024;

export function writeFrame(octets: Uint8Array): Uint8Array {
  const blocks = Math.max(1, Math.ceil(octets.length / BLOCK_MAX));
  const frame = new Uint8Array(HEADER.length + blocks * BLOCK_HEADER + octets.length);
  frame.set(HEADER);
  let at = HEADER.length;
  for (let block = 0; block < blocks; block++) {
    const content = octets.subarray(block * BLOCK_MAX, (block + 1) * BLOCK_MAX);
    const header = (content.length << 3) | (block === blocks - 1 ? 1 : 0);
    frame.set([header & 0xff, (header >> 8) & 0xff, header >> 16], at);
    frame.set(content, at + BLOCK_HEADER);
    at += BLOCK_HEADER + content.length;
  }
  return frame;
}

/** The content; a `RangeError` for what is no such frame. */
export function readFrame(frame: Uint8Array): Uint8Array {
  if (HEADER.some((octet, index) => frame[index] !== octet)) {
    throw new RangeError("Cannot read frame of zstd as it must begin with its header");
  }
  const contents: number[] = [];
  for (let at = HEADER.length; ; ) {
    const header = (frame[at] ?? 0) | ((frame[at + 1] ?? 0) << 8) | ((frame[at + 2] ?? 0) << 16);
    const start = at + BLOCK_HEADER;
    at = start + (header >> 3);
    if (((header >> 1) & 3) !== 0 || at > frame.length) {
      throw new RangeError(`Cannot read block of zstd: current value of its header is ${header}`);
    }
    for (const octet of frame.subarray(start, at)) contents.push(octet);
    if ((header & 1) === 1) return Uint8Array.from(contents);
  }
}
