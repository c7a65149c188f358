/**
 * How much a dump may ask for. Dumps come from strangers: whatever grows has a limit here.
 *
 * @module
 */

/** Octets of a dump; real ones have less than one MiB. */
export const DUMP_SIZE_MAX = 16 * 1024 * 1024;
/** Structures inside each other; real ones have less than ten. */
export const DEPTH_MAX = 32;
/** Brackets inside each other: three for each structure. */
export const BRACKETS_MAX = 3 * DEPTH_MAX + 8;
/** Fields and structures of a dump; real ones have about 5,000. */
export const FIELDS_MAX = 100_000;
/** Characters of a name; real ones have less than a hundred. */
export const NAME_LENGTH_MAX = 1000;
/**
 * Fields that are looked through for one that both sides have, behind a difference: of both sides
 * together. The largest change in real releases is of 13.
 */
export const LOOKAHEAD_MAX = 32;
