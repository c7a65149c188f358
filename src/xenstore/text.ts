/**
 * Text whose characters are octets, as the protocol has it: no encoding, nothing lost.
 *
 * @module
 */

/** Arguments that a call takes without trouble on every runtime. */
const CHUNK = 4096;

/** The octets from `start` to `end`, one character each. */
export function textOf(octets: Uint8Array, start = 0, end: number = octets.length): string {
  if (end - start <= CHUNK) {
    return String.fromCharCode.apply(null, octets.subarray(start, end) as unknown as number[]);
  }
  let text = "";
  for (let at = start; at < end; at += CHUNK) text += textOf(octets, at, Math.min(end, at + CHUNK));
  return text;
}

/** The octets of `text`; the other side of {@linkcode textOf}. */
export function octetsOf(text: string): Uint8Array {
  const octets = new Uint8Array(text.length);
  putText(octets, 0, text);
  return octets;
}

export function putText(octets: Uint8Array, at: number, text: string): void {
  for (let index = 0; index < text.length; index++) octets[at + index] = text.charCodeAt(index);
}

/** The strings of a body that end in NUL; what follows the last NUL is not one. */
export function stringsOf(body: Uint8Array): string[] {
  const strings = textOf(body).split("\0");
  strings.pop();
  return strings;
}

/** The number at the front of `text`, or 0: atoi() of C. */
export function numberAtFront(text: string): number {
  return Number(/^[ \t\n\v\f\r]*([+-]?\d+)/.exec(text)?.[1] ?? 0) | 0;
}
