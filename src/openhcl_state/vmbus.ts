/**
 * Package `vmbus`: what the VMBus packages share, from vm/devices/vmbus.
 *
 * @module
 */
import type { Shape } from "../schema/message.ts";
import { field, message } from "../schema/message.ts";
import { nested, option, u16, u32 } from "../schema/type.ts";
import { Guid } from "./guid.ts";
import { SavedStateBlob } from "./save_restore.ts";

/** Not transparent: a message of its own, so that id 0 is the empty message. */
export const GpadlId = message("vmbus.GpadlId", "vm/devices/vmbus/vmbus_core/src/protocol.rs", [
  field(1, "0", u32),
]);
export type GpadlId = Shape<typeof GpadlId>;

export const OfferKey = message("vmbus.OfferKey", "vm/devices/vmbus/vmbus_channel/src/bus.rs", [
  field(1, "interface_id", nested(Guid)),
  field(2, "instance_id", nested(Guid)),
  field(3, "subchannel_index", u16),
]);
export type OfferKey = Shape<typeof OfferKey>;

/** A device with one channel. */
export const SimpleSavedState = message(
  "vmbus.SimpleSavedState",
  "vm/devices/vmbus/vmbus_channel/src/simple.rs",
  [field(1, "channel", option(nested(SavedStateBlob)))],
);
export type SimpleSavedState = Shape<typeof SimpleSavedState>;
