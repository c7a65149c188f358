/**
 * Package `vmbus.client`: the connection to the host's VMBus, from vm/devices/vmbus/vmbus_client.
 *
 * @module
 */
import type { Shape, Variants } from "../schema/message.ts";
import { field, message, oneof, variant } from "../schema/message.ts";
import { bytes, choice, nested, octets, u8, u16, u32, vec } from "../schema/type.ts";
import { Guid } from "./guid.ts";

export const VmbusClientState = oneof(
  "vmbus.client.ClientState",
  "vm/devices/vmbus/vmbus_client/src/saved_state.rs",
  [
    variant(1, "Disconnected"),
    /** `version` is the negotiated VMBus version. */
    variant(2, "Connected", [field(1, "version", u32), field(2, "feature_flags", u32)]),
  ],
);
export type VmbusClientState = Variants<typeof VmbusClientState>;

export const VmbusClientChannelState = oneof(
  "vmbus.client.ChannelState",
  "vm/devices/vmbus/vmbus_client/src/saved_state.rs",
  [variant(1, "Offered"), variant(2, "Opened")],
);
export type VmbusClientChannelState = Variants<typeof VmbusClientChannelState>;

export const VmbusClientOffer = message(
  "vmbus.client.Offer",
  "vm/devices/vmbus/vmbus_client/src/saved_state.rs",
  [
    field(1, "interface_id", nested(Guid)),
    field(2, "instance_id", nested(Guid)),
    field(3, "flags", u16),
    /** MiB. */
    field(4, "mmio_megabytes", u16),
    /** As the host sent it. */
    field(5, "user_defined", octets(120)),
    field(6, "subchannel_index", u16),
    /** MiB. */
    field(7, "mmio_megabytes_optional", u16),
    field(8, "channel_id", u32),
    field(9, "monitor_id", u8),
    field(10, "monitor_allocated", u8),
    field(11, "is_dedicated", u16),
    field(12, "connection_id", u32),
  ],
);
export type VmbusClientOffer = Shape<typeof VmbusClientOffer>;

export const VmbusClientChannel = message(
  "vmbus.client.Channel",
  "vm/devices/vmbus/vmbus_client/src/saved_state.rs",
  [
    field(1, "id", u32),
    field(2, "state", choice(VmbusClientChannelState)),
    field(3, "offer", nested(VmbusClientOffer)),
  ],
);
export type VmbusClientChannel = Shape<typeof VmbusClientChannel>;

export const VmbusClientGpadlState = oneof(
  "vmbus.client.GpadlState",
  "vm/devices/vmbus/vmbus_client/src/saved_state.rs",
  [variant(1, "Created"), variant(2, "TearingDown")],
);
export type VmbusClientGpadlState = Variants<typeof VmbusClientGpadlState>;

export const VmbusClientGpadl = message(
  "vmbus.client.Gpadl",
  "vm/devices/vmbus/vmbus_client/src/saved_state.rs",
  [
    field(1, "gpadl_id", u32),
    field(2, "channel_id", u32),
    field(3, "state", choice(VmbusClientGpadlState)),
  ],
);
export type VmbusClientGpadl = Shape<typeof VmbusClientGpadl>;

export const VmbusClientPendingMessage = message(
  "vmbus.client.PendingMessage",
  "vm/devices/vmbus/vmbus_client/src/saved_state.rs",
  [field(1, "data", bytes)],
);
export type VmbusClientPendingMessage = Shape<typeof VmbusClientPendingMessage>;

export const VmbusClientSavedState = message(
  "vmbus.client.SavedState",
  "vm/devices/vmbus/vmbus_client/src/saved_state.rs",
  [
    field(1, "client_state", choice(VmbusClientState)),
    field(2, "channels", vec(nested(VmbusClientChannel))),
    field(3, "gpadls", vec(nested(VmbusClientGpadl))),
    field(4, "pending_messages", vec(nested(VmbusClientPendingMessage))),
  ],
);
export type VmbusClientSavedState = Shape<typeof VmbusClientSavedState>;
