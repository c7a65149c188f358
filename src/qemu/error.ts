/**
 * What goes wrong with the state of a device: where it stands, and which rule it breaks.
 *
 * @module
 */

/** A value that may not be there. */
export class VisitError extends Error {
  override readonly name = "VisitError";
  /** Names down to the value, such as `serial.recv_fifo.data`. */
  readonly place: string;
  readonly requirement: string;

  constructor(place: string, requirement: string) {
    super(`Cannot visit ${place} as ${requirement}`);
    this.place = place;
    this.requirement = requirement;
  }
}

/** A state that no registered step, and no chain of them, brings where it should be. */
export class TransformError extends Error {
  override readonly name = "TransformError";
}
