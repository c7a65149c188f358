/**
 * Suspend images of xenopsd: what a machine leaves on its suspend disk, and what goes over the
 * wire when it migrates.
 *
 * Source: xen-api, ocaml/xenopsd/lib/suspend_image.ml;
 * doc/content/xenopsd/design/suspend-image-framing-format.md.
 *
 * @module
 */
export { type Contents, contentsOf, imageOf } from "./contents.ts";
export { SuspendImageError } from "./error.ts";
export { type Image, READER, type ReaderRules, SIGNATURE_LENGTH, type Unit } from "./image.ts";
export { memoryOf, writeLibxcStream } from "./libxc_memory.ts";
export { readImage, readVgpuStream } from "./reader.ts";
export { outOfOrder, type ShownUnit, shownUnit, unitLine } from "./show.ts";
export { tpmRecord, tpmStateOf } from "./tpm_state.ts";
export type { UnitName } from "./unit_table.ts";
export { type Part, writeImage, writeLegacyImage } from "./writer.ts";
export { RECORD_FIELDS, writeXenopsRecord, type XenopsRecord } from "./xenops_record.ts";
