/**
 * What a throw means. From an adapter, `SaveError` and `RefusedError` are `refused`,
 * `CrashedError` is `crashed` and `HungError` is `hung`; `UnsupportedError` is none, as nothing can
 * be asked then, and anything else is a fault of the adapter.
 * From a scenario or oracle, `CheckError` is `failed`, and who dies or hangs of its question did
 * so; anything else is `error`, as the question could not be asked.
 *
 * @module
 */
import { CrashedError, HungError, RefusedError, SaveError, UnsupportedError } from "./adapter.ts";
import { CheckError } from "./check.ts";
import { DiskFull, isDiskFull } from "./disk_full.ts";
import type { Outcome } from "./oracle.ts";
import type { Verdict } from "./verdict.ts";

/**
 * The adapter did something that no implementation can be blamed for. Nothing that the run
 * showed can be trusted then.
 */
export class AdapterFault extends Error {
  override readonly name = "AdapterFault";
}

/** The machine could not be brought to the state that the scenarios ask about. */
export class NotAsked extends Error {}

/** The verdict of everyone where nothing could be asked; throws what is no reason for that. */
export function unasked(error: unknown): Verdict {
  if (error instanceof UnsupportedError) return { kind: "unsupported", reason: error.message };
  if (!(error instanceof AdapterFault || error instanceof NotAsked)) throw error;
  return { kind: "error", reason: error.message };
}

/** Outcome of a hop whose adapter threw `error` when asked to `verb` it. */
export function outcomeOf(error: unknown, verb: string): Outcome {
  demandDisk(error, verb);
  if (error instanceof SaveError || error instanceof RefusedError) {
    return { kind: "refused", reason: oneLine(error.message) };
  }
  if (error instanceof CrashedError) {
    const reason = oneLine(error.message);
    return { kind: "crashed", reason, ...(error.killed ? { killed: true } : {}) };
  }
  if (error instanceof HungError) return { kind: "hung", reason: oneLine(error.message) };
  if (error instanceof UnsupportedError) {
    throw new UnsupportedError(`Cannot ${verb}: ${oneLine(error.message)}`);
  }
  throw adapterFault(error, verb);
}

/** The fault of an adapter that threw `error` when asked to `verb` a hop. */
export function adapterFault(error: unknown, verb: string): AdapterFault {
  demandDisk(error, verb);
  return new AdapterFault(`Cannot ${verb}: ${textOf(error)}`);
}

/** Nobody is to blame for a full disk, and nothing can be asked there. */
function demandDisk(error: unknown, verb: string): void {
  if (!isDiskFull(error)) return;
  throw new DiskFull(`Cannot ${verb} as the disk is full: ${oneLine((error as Error).message)}`);
}

/** Verdict of a scenario or oracle that threw `error`. */
export function verdictOf(error: unknown, edge: number): Verdict {
  if (!(error instanceof CheckError)) demandDisk(error, "ask");
  if (error instanceof CheckError) return { kind: "failed", reason: oneLine(error.message), edge };
  if (error instanceof HungError) return { kind: "hung", reason: oneLine(error.message), edge };
  if (error instanceof CrashedError) {
    return { kind: "crashed", reason: oneLine(error.message), edge };
  }
  return { kind: "error", reason: textOf(error), edge };
}

/** An error as one line; its name tells a reader which kind of defect it is. */
export function textOf(error: unknown): string {
  return oneLine(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}

function oneLine(text: string): string {
  return text.includes("\n") ? text.replace(/\s*\n\s*/g, " ") : text;
}
