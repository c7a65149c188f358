/**
 * Octets in messages: `{"base64": …}`, or `{"frame": N}` with the octets behind the newline.
 *
 * @module
 */

/** A blob of a message whose octets stand in it, or have been put in place of its frame. */
export type Blob = { readonly base64: string } | { readonly frame: number } | Uint8Array;

export function blobOf(octets: Uint8Array): { readonly base64: string } {
  const { buffer, byteOffset, byteLength } = octets;
  return { base64: Buffer.from(buffer, byteOffset, byteLength).toString("base64") };
}

/** The octets of a blob; undefined when its text is no base64. */
export function octetsOf(blob: unknown): Uint8Array | undefined {
  if (blob instanceof Uint8Array) return blob;
  const { base64 } = blob as { readonly base64?: unknown };
  if (typeof base64 !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return undefined;
  const octets = Buffer.from(base64, "base64");
  // Padding may be left out, but nothing else.
  if (octets.length !== Math.floor((base64.replace(/=+$/, "").length * 3) / 4)) return undefined;
  return new Uint8Array(octets);
}
