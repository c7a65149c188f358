/**
 * How much a stream may ask for. Streams come from strangers: whatever grows has a limit here.
 *
 * @module
 */

/** Octets that are held at once: everything but RAM. */
export const HELD_SIZE_MAX = 256 * 1024 * 1024;
/** Octets of the description; real ones have less than one MiB. */
export const DESCRIPTION_SIZE_MAX = 64 * 1024 * 1024;
/** Structures inside each other, by description; real ones have less than ten. */
export const DEPTH_MAX = 32;
/** Brackets inside each other in the text of a description: three for each structure. */
export const JSON_DEPTH_MAX = 3 * DEPTH_MAX + 8;
/** Fields and elements of all sections together; of plain values {@linkcode VALUES_OF_FIELD}. */
export const FIELDS_MAX = 1_000_000;
/** Values of an array that count as one field. */
export const VALUES_OF_FIELD = 16;
/** Sections and commands; a long live migration has some thousands. */
export const PARTS_MAX = 1_000_000;
/** RAM blocks; real machines have a few dozen. */
export const BLOCKS_MAX = 10_000;
/** Octets of a machine's name. */
export const MACHINE_SIZE_MAX = 4096;
/** Items of RAM that are kept when they are asked for: pages of 16 GiB. */
export const RAM_ITEMS_MAX = 4_000_000;
/** Ranges of pages that differ in a block which are told; others are counted. */
export const RANGES_MAX = 1000;
