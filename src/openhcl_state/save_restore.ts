/**
 * Blobs whose message only their type URL tells, and the state of a unit that has none:
 * `SavedStateBlob` and package `save_restore` of vm/vmcore.
 *
 * @module
 */
import type { Shape } from "../schema/message.ts";
import { message } from "../schema/message.ts";
import { Any } from "../schema/standard.ts";

/** A message whose kind only its type URL tells. */
export const SavedStateBlob = Any;
export type SavedStateBlob = Shape<typeof SavedStateBlob>;

/** State of a unit that has nothing to save: always the empty message. */
export const NoSavedState = message(
  "save_restore.NoSavedState",
  "vm/vmcore/src/save_restore.rs",
  [],
);
export type NoSavedState = Shape<typeof NoSavedState>;
