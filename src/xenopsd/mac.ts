/**
 * Addresses of network interfaces that nobody has assigned.
 *
 * @module
 */
/** The same for the same text; a local one, of a single interface. */
export function macOf(text: string): string {
  let hash = 0x811c9dc5;
  const octets = Array.from({ length: 6 }, (_, index) => {
    for (const character of `${index}${text}`) {
      hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
    }
    return (hash >>> 16) & 0xff;
  });
  octets[0] = ((octets[0] ?? 0) & 0xfc) | 0x02;
  return octets.map((octet) => octet.toString(16).padStart(2, "0")).join(":");
}
