/**
 * What a path may be: of a node, and of a watch.
 *
 * Source: Xen, docs/misc/xenstore.txt: absolute paths have up to 3072 octets, relative ones up to
 * 2048, of letters, digits and `-/_@`, without `//` and without a `/` at the end; what begins with
 * an `@` is special.
 *
 * @module
 */

/** Octets without the NUL. */
export const ABSOLUTE_PATH_MAX = 3072;
export const RELATIVE_PATH_MAX = 2048;

const SLASH = 0x2f;
const AT = 0x40;

const IN_PATHS = new Uint8Array(256);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-/_@") {
  IN_PATHS[character.charCodeAt(0)] = 1;
}

/** Why `octets[from..to]` cannot be the path of a node. */
export function nodePathFault(octets: Uint8Array, from: number, to: number): string | undefined {
  const first = octets[from];
  if (from === to || (first !== SLASH && first !== AT)) return "must begin with / or @";
  return pathFault(octets, from, to, ABSOLUTE_PATH_MAX);
}

/** Why `octets[from..to]` cannot be the path of a watch, which may be relative. */
export function watchPathFault(octets: Uint8Array, from: number, to: number): string | undefined {
  if (from === to) return "must not be empty";
  const isRelative = octets[from] !== SLASH && octets[from] !== AT;
  return pathFault(octets, from, to, isRelative ? RELATIVE_PATH_MAX : ABSOLUTE_PATH_MAX);
}

function pathFault(octets: Uint8Array, from: number, to: number, max: number): string | undefined {
  if (to - from > max) return `must have at most ${max} octets: current length is ${to - from}`;
  let previous = 0;
  for (let at = from; at < to; at++) {
    const octet = octets[at] as number;
    if (IN_PATHS[octet] === 0) return `must not have octet 0x${octet.toString(16)}`;
    if (octet === SLASH && previous === SLASH) return "must not have //";
    previous = octet;
  }
  return previous === SLASH && to - from > 1 ? "must not end in /" : undefined;
}
