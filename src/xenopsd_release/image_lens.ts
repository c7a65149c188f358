/**
 * Suspend images as a release writes them. What it reads is in its rules; nobody writes an image
 * for an older reader.
 *
 * Source: xen-api, ocaml/xenopsd/lib/suspend_image.ml. The memory in a legacy image has a format
 * that depends on the word size of its writer; here it is the pages as they are.
 *
 * @module
 */
import { contentsOf, READER, readImage, writeLegacyImage } from "../suspend_image/mod.ts";
import type { Release } from "./release.ts";

/** The image of a machine with units as this release would have written it. */
export function imageWritten({ image }: Release, octets: Uint8Array): Uint8Array {
  if (image.layout === "v2") return octets;
  const { memory, qemu } = contentsOf(readImage(octets, READER));
  return writeLegacyImage(memory, qemu);
}
