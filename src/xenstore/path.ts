/**
 * Paths as clients give them, made absolute and checked.
 *
 * Source: xen, docs/misc/xenstore.txt, "Paths"; tools/xenstored/core.c, canonicalize();
 * tools/ocaml/xenstored/utils.ml, path_validate(), and store.ml, Path.of_string.
 *
 * @module
 */
import { refusal } from "./request_error.ts";

export const INTRODUCE_DOMAIN = "@introduceDomain";
export const RELEASE_DOMAIN = "@releaseDomain";

const HOME = /^\/local\/domain\/\d{1,5}\//;

/** `/local/domain/N`: what relative paths of domain N are relative to. */
export function homeOf(domid: number): string {
  return `/local/domain/${domid}`;
}

export function isAbsolute(path: string): boolean {
  return path[0] === "/" || path[0] === "@";
}

/** As the C daemon reads it. */
export function canonicalPath(
  text: string,
  domid: number,
  lengthMax: number,
  special: boolean,
): string {
  if (text[0] === "@" && !special) throw refusal("EINVAL");
  const path = isAbsolute(text) ? text : `${homeOf(domid)}/${text}`;
  if (!hasValidOctets(path) || path.length > lengthMax + homeLength(path)) throw refusal("EINVAL");
  return path;
}

/** As oxenstored reads it: names are checked, those of special nodes are not. */
export function splitPath(text: string, domid: number, lengthMax: number): string {
  if (text === "") throw refusal("EINVAL");
  const path = isAbsolute(text) ? text : `${homeOf(domid)}/${text}`;
  if (path.length > lengthMax + homeLength(path)) throw refusal("EINVAL");
  if (path[0] !== "@" && !hasValidOctets(path)) throw refusal("EINVAL");
  return path;
}

function homeLength(path: string): number {
  return path.startsWith("/local/domain/") ? (HOME.exec(path)?.[0].length ?? 0) : 0;
}

/** Letters, digits and -/_@ only; no empty name, and none at the end. */
function hasValidOctets(path: string): boolean {
  let previous = 0;
  for (let at = 0; at < path.length; at++) {
    const octet = path.charCodeAt(at);
    if (VALID[octet] !== 1) return false;
    if (octet === SLASH && previous === SLASH) return false;
    previous = octet;
  }
  return previous !== SLASH || path.length === 1;
}

const SLASH = 47;
const VALID = new Uint8Array(256);
for (const octet of "-/_@0123456789") VALID[octet.charCodeAt(0)] = 1;
for (let at = 0; at < 26; at++) VALID[65 + at] = VALID[97 + at] = 1;
