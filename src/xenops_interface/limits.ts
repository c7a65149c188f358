/**
 * How much a body may ask for. Bodies come from strangers: whatever grows has a limit here.
 *
 * @module
 */

/** Characters of a body; the largest real ones, metadata, have some hundred thousand. */
export const BODY_LENGTH_MAX = 16 * 1024 * 1024;
/** Lists and dicts inside each other; real ones have less than ten. */
export const DEPTH_MAX = 64;
/** Values of a body, whole and in parts. */
export const VALUES_MAX = 1_000_000;
/** Characters of a value that a message shows. */
export const SHOWN_LENGTH_MAX = 60;
