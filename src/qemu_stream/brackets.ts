/**
 * Where brackets stand in the JSON text of a description, before anybody reads it: some runtimes
 * read JSON by recursion, and most of a text was often read before.
 *
 * @module
 */
import { JSON_DEPTH_MAX } from "./limits.ts";

const [QUOTE, COMMA, ESCAPE] = [0x22, 0x2c, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
/** White space is at most this, and nothing else. */
const SPACE = 0x20;

export interface Brackets {
  /** Where the first bracket that is too deep stands. */
  readonly deep?: number;
  /**
   * Where objects begin and end, in turns, that are elements of the outermost lists; undefined when
   * one has other elements.
   */
  readonly elements?: readonly number[];
}

/** How deep the elements of the outermost lists are: within an object and a list. */
const ELEMENT_DEPTH = 2;

export function bracketsOf(octets: Uint8Array): Brackets {
  let depth = 0;
  let isList = false;
  let isPlain = true;
  const elements: number[] = [];
  // Without escapes, a text ends at the next quote; most of a description is names.
  const hasEscapes = octets.includes(ESCAPE);
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at] as number;
    if (octet === QUOTE) {
      if (isList && depth === ELEMENT_DEPTH) isPlain = false;
      at = hasEscapes ? behindText(octets, at) : octets.indexOf(QUOTE, at + 1);
      if (at < 0) return {};
    } else if (octet === OPEN_OBJECT || octet === OPEN_LIST) {
      if (depth === ELEMENT_DEPTH - 1) isList = octet === OPEN_LIST;
      else if (depth === ELEMENT_DEPTH && isList) {
        if (octet === OPEN_LIST) isPlain = false;
        elements.push(at);
      }
      depth++;
      if (depth > JSON_DEPTH_MAX) return { deep: at };
    } else if (octet === CLOSE_OBJECT || octet === CLOSE_LIST) {
      depth--;
      if (depth === ELEMENT_DEPTH && isList) elements.push(at + 1);
    } else if (depth === ELEMENT_DEPTH && isList && octet > SPACE && octet !== COMMA) {
      isPlain = false;
    }
  }
  return isPlain && depth === 0 ? { elements } : {};
}

/** The quote that ends the text that begins at `from`; -1 when there is none. */
function behindText(octets: Uint8Array, from: number): number {
  for (let at = from + 1; at < octets.length; at++) {
    if (octets[at] === QUOTE) return at;
    if (octets[at] === ESCAPE) at++;
  }
  return -1;
}
