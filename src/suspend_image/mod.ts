/**
 * Suspend images of xenopsd: what a machine leaves on its suspend disk, and what goes over the
 * wire when it migrates.
 *
 * Source: facts on xenopsd, semantics, section 8; xen-api, ocaml/xenopsd/lib/suspend_image.ml.
 *
 * @module
 */
export { SuspendImageError } from "./error.ts";
export { READER, SIGNATURE_LENGTH } from "./image.ts";
export { readImage, readVgpuStream } from "./reader.ts";
export { outOfOrder, type ShownUnit, shownUnit, unitLine } from "./show.ts";
