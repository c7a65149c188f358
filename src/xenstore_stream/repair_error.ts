/**
 * Why a stream cannot be repaired.
 *
 * @module
 */

/** One line, for whoever asked for the repair. */
export class RepairError extends Error {
  override readonly name = "RepairError";
}
