/**
 * Strict UTF-8: what Rust's `str` accepts, no more. A byte order mark is a character like any
 * other, and nothing is ever replaced.
 *
 * @module
 */

/** Up to this many octets a loop is faster than the decoder of the runtime. */
const SHORT_MAX = 48;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** The text in `bytes[start..end]`; `undefined` when it is not UTF-8. */
export function textOfUtf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start <= SHORT_MAX) {
    let text = "";
    let at = start;
    for (; at < end; at++) {
      const octet = bytes[at] as number;
      if (octet > 127) break;
      text += String.fromCharCode(octet);
    }
    if (at === end) return text;
  }
  try {
    return decoder.decode(bytes.subarray(start, end));
  } catch {
    return undefined;
  }
}

/** The octets of `text`, which must not have lone surrogates. */
export function utf8OfText(text: string): Uint8Array {
  return encoder.encode(text);
}
