/**
 * Usual kinds of fairness, from nothing at all to anything goes.
 *
 * @module
 */
import type { Fair } from "./fault.ts";

/** Nothing comes of it. */
export const HARMLESS: Fair = { save: ["done"], restore: ["done"], guest: "nothing" };
/** The save is refused, and the guest runs on. */
export const SAVE_REFUSED: Fair = { save: ["refused"], restore: [], guest: "nothing" };
/** The save does not come to an end by itself, or ends the machine. */
export const SAVE_ENDS_SOMEHOW: Fair = {
  save: ["refused", "crashed", "hung"],
  restore: [],
  guest: "nothing",
};
/** The process dies; what it had promised to the guest's disks must be there all the same. */
export const SAVE_CRASHES: Fair = { save: ["crashed"], restore: [], guest: "nothing" };
/** The state is not taken, and the reader says so. */
export const RESTORE_REFUSED: Fair = { save: ["done"], restore: ["refused"], guest: "nothing" };
/** The machine comes up whole or not at all. */
export const ALL_OR_NOTHING: Fair = {
  save: ["done"],
  restore: ["done", "refused"],
  guest: "nothing",
};
/** As before, with requests that fail because their device is another one or gone. */
export const ALL_WITH_ERRORS: Fair = { ...ALL_OR_NOTHING, guest: "errors" };
/** The machine comes up, and some requests wait for a device that does not answer. */
export const WAITS: Fair = { ...HARMLESS, guest: "waits" };
export const ERRORS: Fair = { ...HARMLESS, guest: "errors" };
/** The host has handed over what it must not; nothing in the format lets a reader notice. */
export const ANYTHING: Fair = {
  save: ["done"],
  restore: ["done", "refused", "crashed", "hung"],
  guest: "anything",
};
