/**
 * `msguid.Guid`, from support/guid. Its last field is an array, which has no default: a zero Guid
 * is 10 octets and a missing one fails.
 *
 * @module
 */
import type { Shape } from "../schema/message.ts";
import { field, message } from "../schema/message.ts";
import { octets, u16, u32 } from "../schema/type.ts";

/** A GUID, split as in its struct. */
export const Guid = message("msguid.Guid", "support/guid/src/lib.rs", [
  field(1, "data1", u32),
  field(2, "data2", u16),
  field(3, "data3", u16),
  field(4, "data4", octets(8)),
]);
export type Guid = Shape<typeof Guid>;
