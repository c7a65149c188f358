/**
 * Releases of xenopsd: what each writes and what it reads, of files, metadata and suspend images.
 *
 * Source: facts on xenopsd, interface, section 3, and semantics, sections 6, 8 and 9. Reading by a
 * release gives the newest form, so that one machine can go on with it.
 *
 * @module
 */
export { imageWritten } from "./image_lens.ts";
export { NotUnderstoodError } from "./not_understood.ts";
export type { Release } from "./release.ts";
export { RELEASES, releaseOf } from "./releases.ts";
export { placeOf, understood, written } from "./text_lens.ts";
