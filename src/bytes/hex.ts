/**
 * Octets as lower-case hexadecimal text and back.
 *
 * @module
 */

const PAIRS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, "0"));

/** Writes `bytes` as hexadecimal text. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const octet of bytes) text += PAIRS[octet];
  return text;
}

/** Reads hexadecimal text of either case; an odd length or any other character is refused. */
export function fromHex(text: string): Uint8Array {
  const bad = /[^0-9a-fA-F]/.exec(text);
  if (bad !== null) {
    throw new SyntaxError(
      `Cannot read text as hexadecimal octets: current value has "${bad[0]}" at ${bad.index}`,
    );
  }
  if (text.length % 2 !== 0) {
    throw new SyntaxError(
      `Cannot read text as pairs of hexadecimal digits: current length is ${text.length}`,
    );
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  }
  return bytes;
}
