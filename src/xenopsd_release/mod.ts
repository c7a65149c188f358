/**
 * Releases of xenopsd: what each writes and what it reads, of files, metadata and suspend images.
 *
 * Source: xen-api by its history: ocaml/xapi-idl/xen, ocaml/xenopsd/lib/suspend_image.ml,
 * ocaml/xenopsd/xc/xenops_server_xen.ml. Reading by a release gives the newest form, so that one
 * machine can go on with it.
 *
 * @module
 */
export { imageWritten } from "./image_lens.ts";
export { NotUnderstoodError } from "./not_understood.ts";
export type { Release } from "./release.ts";
export { RELEASES, releaseOf } from "./releases.ts";
export { placeOf, understood, written } from "./text_lens.ts";
