/**
 * How much of a suspend image is believed.
 *
 * @module
 */

/** Octets of the state of QEMU: what xenopsd reads at most. */
export const QEMU_RECORD_MAX = 1024 * 1024;

/** Units of an image. A writer makes seven at most; hostile headers of no length are many. */
export const UNITS_MAX = 1024;

/** Octets of a record that is text: those of real ones are some thousand. */
export const TEXT_RECORD_MAX = 16 * 1024 * 1024;

/** Lists in each other in an s-expression. Those of xenopsd are four deep. */
export const SEXP_DEPTH_MAX = 64;
