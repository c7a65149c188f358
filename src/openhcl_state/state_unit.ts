/**
 * Package `state_unit`: one named unit of the VM and its blob, from vmm_core/state_unit.
 *
 * @module
 */
import type { Shape } from "../schema/message.ts";
import { field, message } from "../schema/message.ts";
import { nested, string } from "../schema/type.ts";
import { SavedStateBlob } from "./save_restore.ts";

/** Units are stored without order; a unit without state is left out. */
export const SavedStateUnit = message(
  "state_unit.SavedStateUnit",
  "vmm_core/state_unit/src/lib.rs",
  [field(1, "name", string), field(2, "state", nested(SavedStateBlob))],
);
export type SavedStateUnit = Shape<typeof SavedStateUnit>;
