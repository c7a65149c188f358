/**
 * Short digests: FNV-1a in 32 bits, which tells contents apart and is no defence against anybody.
 *
 * @module
 */

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** Eight hex digits for `content`; empty when there is none. */
export function digestOf(content: Uint8Array | string | null): string {
  if (content === null) return "";
  const hash = typeof content === "string" ? hashOfText(content) : hashOfOctets(content);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

// A loop over one kind of content is compiled for that kind alone.

function hashOfText(text: string): number {
  let hash = OFFSET_BASIS;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  return hash;
}

function hashOfOctets(octets: Uint8Array): number {
  let hash = OFFSET_BASIS;
  for (const octet of octets) hash = Math.imul(hash ^ octet, PRIME);
  return hash;
}
