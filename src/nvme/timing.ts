/**
 * What the hardware's work costs on the virtual clock, in microseconds. Figures of the model, of
 * the order that a real controller shows; upstream states none.
 *
 * @module
 */

/** One admin command, from doorbell to completion. */
export const ADMIN_COMMAND_US = 20;
/** CC.EN to 1 until CSTS.RDY is 1. */
export const ENABLE_US = 20_000;
/** CC.EN to 0 until CSTS.RDY is 0. */
export const DISABLE_US = 10_000;
/** Function level reset: PCI Express allows 100 ms, and software waits that long. */
export const FUNCTION_LEVEL_RESET_US = 100_000;
/** Opening the device through VFIO. */
export const VFIO_OPEN_US = 1_000;
/** Saving or restoring one queue pair. */
export const QUEUE_STATE_US = 5;
