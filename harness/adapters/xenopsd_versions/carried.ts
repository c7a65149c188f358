/**
 * What goes from one release to the next, as octets: files, or metadata with or without an image.
 *
 * @module
 */
import { fromHex, toHex } from "../../../src/bytes/hex.ts";

export interface Carried {
  /** Files of the database by their path, as they are on the disk. */
  readonly files?: readonly (readonly [path: readonly string[], text: string])[];
  readonly metadata?: string;
  readonly image?: Uint8Array;
}

export function packed({ files, metadata, image }: Carried): Uint8Array {
  const hex = image === undefined ? undefined : toHex(image);
  return new TextEncoder().encode(JSON.stringify({ files, metadata, image: hex }));
}

export function unpacked(octets: Uint8Array): Carried {
  const { image, ...rest } = JSON.parse(new TextDecoder().decode(octets)) as Omit<
    Carried,
    "image"
  > & { image?: string };
  return image === undefined ? rest : { ...rest, image: fromHex(image) };
}
