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
  let hash = OFFSET_BASIS;
  for (let index = 0; index < content.length; index++) {
    const unit = typeof content === "string" ? content.charCodeAt(index) : content[index];
    hash = Math.imul(hash ^ (unit ?? 0), PRIME);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
