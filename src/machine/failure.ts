/**
 * The ways in which a model does not succeed: it refuses with a chain of errors, it panics, or it
 * never answers. All five release branches of microsoft/openvmm are built with `panic = 'abort'`,
 * so a panic is always the end of the process.
 *
 * @module
 */

/** The process has aborted. The message is upstream's own panic text. */
export class Panic extends Error {
  override readonly name = "Panic";
}

/** An operation that never answers. Only a deadline of somebody else ends it. */
export class Stuck extends Error {
  override readonly name = "Stuck";
}

/** An error with a source, rendered as upstream renders a chain: `{context}: {source}`. */
export class ChainError extends Error {
  override readonly name: string = "ChainError";
  /** This link's own text, without its source. */
  readonly text: string;
  readonly source: Error | null;

  constructor(text: string, source: Error | null = null) {
    // A refusal is a result and no defect: its chain says it all, a stack for each link only costs.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(source === null ? text : `${text}: ${source.message}`);
    Error.stackTraceLimit = limit;
    this.text = text;
    this.source = source;
  }
}

/** A state that could not be restored; `vmcore::save_restore::RestoreError`. */
export class RestoreError extends ChainError {
  override readonly name = "RestoreError";
}

/** A state that could not be saved; `vmcore::save_restore::SaveError`. */
export class SaveError extends ChainError {
  override readonly name = "SaveError";
}

/** `RestoreError::InvalidSavedState` around `reason`. */
export function invalidSavedState(reason: string): RestoreError {
  return new RestoreError("saved state is invalid", new ChainError(reason));
}

/** `RestoreError::ChildError`. */
export function childRestoreError(child: string, source: Error): RestoreError {
  return new RestoreError(`failed to restore child device ${child}`, source);
}

/** `SaveError::ChildError`. */
export function childSaveError(child: string, source: Error): SaveError {
  return new SaveError(`failed to save child device ${child}`, source);
}

/** Runs `work` and puts `text` before its error. A panic or a hang is no error and passes. */
export function withContext<T>(text: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new ChainError(text, refusal(error));
  }
}

/** `error` if it is a refusal; everything else is thrown on. */
export function refusal(error: unknown): ChainError {
  if (error instanceof ChainError) return error;
  throw error;
}
