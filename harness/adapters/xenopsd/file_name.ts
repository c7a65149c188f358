/**
 * Names of objects as names of files, and back. Ids come from clients: none may lead out of the
 * folder or be one that a file system does not take.
 *
 * Letters, digits and a few signs stay; every other octet is `%` and two digits. Where a name is
 * too long for one file, the rest of it is in a folder that ends in `%`.
 *
 * @module
 */
import { textOfUtf8, utf8OfText } from "../../../src/bytes/utf8.ts";

const PLAIN = /^[A-Za-z0-9_:@+=,.-]$/;
/** Octets of a file's name; systems take 255. */
const PIECE_LENGTH_MAX = 200;

/** The path of a name, in pieces. */
export function fileNameOf(name: string): readonly string[] {
  let encoded = "";
  for (const octet of utf8OfText(name)) {
    const character = String.fromCharCode(octet);
    // A dot at the beginning would be the folder itself, the one above, or a hidden file.
    const isPlain = PLAIN.test(character) && (encoded !== "" || character !== ".");
    encoded += isPlain ? character : `%${octet.toString(16).padStart(2, "0")}`;
  }
  const pieces: string[] = [];
  while (encoded.length > PIECE_LENGTH_MAX) {
    const end = cutBefore(encoded, PIECE_LENGTH_MAX);
    pieces.push(`${encoded.slice(0, end)}%`);
    encoded = encoded.slice(end);
  }
  return [...pieces, encoded === "" ? "%" : encoded];
}

/** The name of a piece, and whether more of it is in the folder. Undefined for a foreign file. */
export function nameOfFile(
  piece: string,
): { readonly name: string; readonly more: boolean } | undefined {
  const more = piece.endsWith("%") && piece.length > 1;
  const encoded = piece.endsWith("%") ? piece.slice(0, -1) : piece;
  const octets: number[] = [];
  for (let at = 0; at < encoded.length; at++) {
    const character = encoded[at] as string;
    const hex = encoded.slice(at + 1, at + 3);
    if (character === "%" && /^[0-9a-f]{2}$/.test(hex)) {
      octets.push(Number.parseInt(hex, 16));
      at += 2;
    } else if (PLAIN.test(character)) octets.push(character.charCodeAt(0));
    else return undefined;
  }
  const name = textOfUtf8(Uint8Array.from(octets), 0, octets.length);
  return name === undefined ? undefined : { name, more };
}

/** An end that does not tear an octet, or a character, apart. */
function cutBefore(encoded: string, max: number): number {
  let end = max;
  const isContinued = (at: number) => /^%[89ab]/.test(encoded.slice(at, at + 2));
  while (encoded[end - 1] === "%" || encoded[end - 2] === "%" || isContinued(end)) end--;
  return end;
}
