/**
 * Packages `vmbus.server` and `vmbus.server.channels`: the VMBus that VTL0 sees, from
 * vm/devices/vmbus/vmbus_server.
 *
 * @module
 */
import type { Shape, Variants } from "../schema/message.ts";
import { field, message, oneof, variant } from "../schema/message.ts";
import {
  bool,
  bytes,
  choice,
  nested,
  octets,
  option,
  u8,
  u16,
  u32,
  u64,
  vec,
} from "../schema/type.ts";
import { Guid } from "./guid.ts";
import { GpadlId, OfferKey } from "./vmbus.ts";

export const VersionInfo = message(
  "vmbus.server.channels.VersionInfo",
  "vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs",
  [field(1, "version", u32), field(2, "feature_flags", u32)],
);
export type VersionInfo = Shape<typeof VersionInfo>;

export const MonitorPageGpas = message(
  "vmbus.server.channels.MonitorPageGpas",
  "vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs",
  [
    /** Guest-physical address. */
    field(1, "parent_to_child", u64),
    /** Guest-physical address. */
    field(2, "child_to_parent", u64),
  ],
);
export type MonitorPageGpas = Shape<typeof MonitorPageGpas>;

export const MonitorPageRequest = oneof(
  "vmbus.server.channels.MonitorPageRequest",
  "vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs",
  [
    variant(1, "None"),
    variant(2, "Some", [field(1, "0", nested(MonitorPageGpas))]),
    variant(3, "Invalid"),
  ],
);
export type MonitorPageRequest = Variants<typeof MonitorPageRequest>;

export const SignalInfo = message(
  "vmbus.server.channels.SignalInfo",
  "vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs",
  [field(1, "event_flag", u16), field(2, "connection_id", u32)],
);
export type SignalInfo = Shape<typeof SignalInfo>;

export const OpenRequest = message(
  "vmbus.server.channels.OpenRequest",
  "vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs",
  [
    field(1, "open_id", u32),
    field(2, "ring_buffer_gpadl_id", nested(GpadlId)),
    field(3, "target_vp", u32),
    /** Pages. */
    field(4, "downstream_ring_buffer_page_offset", u32),
    field(5, "user_data", octets(120)),
    field(6, "guest_specified_interrupt_info", option(nested(SignalInfo))),
    field(7, "flags", u16),
  ],
);
export type OpenRequest = Shape<typeof OpenRequest>;

export const ReservedState = message(
  "vmbus.server.channels.ReservedState",
  "vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs",
  [field(1, "version", nested(VersionInfo)), field(2, "vp", u32), field(3, "sint", u8)],
);
export type ReservedState = Shape<typeof ReservedState>;

export const ModifyState = oneof(
  "vmbus.server.channels.ModifyState",
  "vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs",
  [
    variant(1, "NotModifying"),
    variant(2, "Modifying", [field(1, "pending_target_vp", option(u32))]),
  ],
);
export type ModifyState = Variants<typeof ModifyState>;

export const VmbusServerChannelState = oneof(
  "vmbus.server.channels.ChannelState",
  "vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs",
  [
    variant(1, "Closed"),
    variant(2, "Opening", [
      field(1, "request", nested(OpenRequest)),
      field(2, "reserved_state", option(nested(ReservedState))),
    ]),
    variant(3, "Open", [
      field(1, "params", nested(OpenRequest)),
      field(2, "modify_state", choice(ModifyState)),
      field(3, "reserved_state", option(nested(ReservedState))),
    ]),
    variant(4, "Closing", [
      field(1, "params", nested(OpenRequest)),
      field(2, "reserved_state", option(nested(ReservedState))),
    ]),
    variant(5, "ClosingReopen", [
      field(1, "params", nested(OpenRequest)),
      field(2, "request", nested(OpenRequest)),
    ]),
    variant(6, "Revoked"),
  ],
);
export type VmbusServerChannelState = Variants<typeof VmbusServerChannelState>;

export const VmbusServerChannel = message(
  "vmbus.server.channels.Channel",
  "vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs",
  [
    field(1, "key", nested(OfferKey)),
    field(2, "channel_id", u32),
    field(3, "offered_connection_id", u32),
    field(4, "state", choice(VmbusServerChannelState)),
    field(5, "monitor_id", option(u8)),
  ],
);
export type VmbusServerChannel = Shape<typeof VmbusServerChannel>;

export const VmbusServerGpadlState = oneof(
  "vmbus.server.channels.GpadlState",
  "vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs",
  [
    variant(1, "InProgress"),
    variant(2, "Offered"),
    variant(3, "Accepted"),
    variant(4, "TearingDown"),
  ],
);
export type VmbusServerGpadlState = Variants<typeof VmbusServerGpadlState>;

export const VmbusServerGpadl = message(
  "vmbus.server.channels.Gpadl",
  "vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs",
  [
    field(1, "id", u32),
    field(2, "channel_id", u32),
    /** Ranges in `buf`. */
    field(3, "count", u16),
    /** Ranges as the guest described them: octets and offset, then page frame numbers. */
    field(4, "buf", vec(u64)),
    field(5, "state", choice(VmbusServerGpadlState)),
  ],
);
export type VmbusServerGpadl = Shape<typeof VmbusServerGpadl>;

export const InitiateContactRequest = message(
  "vmbus.server.channels.InitiateContactRequest",
  "vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs",
  [
    field(1, "version_requested", u32),
    field(2, "target_message_vp", u32),
    field(3, "monitor_page", choice(MonitorPageRequest)),
    field(4, "target_sint", u8),
    field(5, "target_vtl", u8),
    field(6, "feature_flags", u32),
    /** Guest-physical address. */
    field(7, "interrupt_page", option(u64)),
    field(8, "client_id", nested(Guid)),
    field(9, "trusted", bool),
  ],
);
export type InitiateContactRequest = Shape<typeof InitiateContactRequest>;

export const ConnectionAction = oneof(
  "vmbus.server.channels.ConnectionAction",
  "vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs",
  [
    variant(1, "None"),
    variant(2, "SendUnloadComplete"),
    variant(3, "Reconnect", [field(1, "initiate_contact", nested(InitiateContactRequest))]),
    variant(4, "SendFailedVersionResponse"),
  ],
);
export type ConnectionAction = Variants<typeof ConnectionAction>;

export const Connection = oneof(
  "vmbus.server.channels.Connection",
  "vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs",
  [
    variant(1, "Disconnecting", [field(1, "next_action", choice(ConnectionAction))]),
    variant(2, "Connecting", [
      field(1, "version", nested(VersionInfo)),
      /** Guest-physical address. */
      field(2, "interrupt_page", option(u64)),
      field(3, "monitor_page", option(nested(MonitorPageGpas))),
      field(4, "target_message_vp", u32),
      field(5, "next_action", choice(ConnectionAction)),
      field(6, "client_id", option(nested(Guid))),
      field(7, "trusted", bool),
    ]),
    variant(3, "Connected", [
      field(1, "version", nested(VersionInfo)),
      field(2, "offers_sent", bool),
      /** Guest-physical address. */
      field(3, "interrupt_page", option(u64)),
      field(4, "monitor_page", option(nested(MonitorPageGpas))),
      field(5, "target_message_vp", u32),
      field(6, "modifying", bool),
      field(7, "client_id", option(nested(Guid))),
      field(8, "trusted", bool),
      field(9, "paused", bool, { since: "2505" }),
    ]),
  ],
);
export type Connection = Variants<typeof Connection>;

export const ConnectedState = message(
  "vmbus.server.channels.ConnectedState",
  "vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs",
  [
    field(1, "connection", choice(Connection)),
    field(2, "channels", vec(nested(VmbusServerChannel))),
    field(3, "gpadls", vec(nested(VmbusServerGpadl))),
  ],
);
export type ConnectedState = Shape<typeof ConnectedState>;

/** Channels reserved by a guest that is not connected. */
export const DisconnectedState = message(
  "vmbus.server.channels.DisconnectedState",
  "vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs",
  [
    field(1, "reserved_channels", vec(nested(VmbusServerChannel))),
    field(2, "reserved_gpadls", vec(nested(VmbusServerGpadl))),
  ],
  { since: "2505" },
);
export type DisconnectedState = Shape<typeof DisconnectedState>;

export const OutgoingMessage = message(
  "vmbus.server.channels.OutgoingMessage",
  "vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs",
  [field(1, "0", bytes)],
  { since: "2505" },
);
export type OutgoingMessage = Shape<typeof OutgoingMessage>;

export const VmbusServerChannelsSavedState = message(
  "vmbus.server.channels.SavedState",
  "vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs",
  [
    /** `null` while the guest is not connected. */
    field(1, "state", option(nested(ConnectedState))),
    field(2, "disconnected_state", option(nested(DisconnectedState)), { since: "2505" }),
    /** Not yet delivered to the guest; 2411 loses them. */
    field(3, "pending_messages", vec(nested(OutgoingMessage)), { since: "2505" }),
  ],
);
export type VmbusServerChannelsSavedState = Shape<typeof VmbusServerChannelsSavedState>;

export const VmbusServerSavedState = message(
  "vmbus.server.SavedState",
  "vm/devices/vmbus/vmbus_server/src/lib.rs",
  [
    field(1, "server", nested(VmbusServerChannelsSavedState)),
    /** False in old states, whose channels may be stuck and are nudged at restore. */
    field(2, "lost_synic_bug_fixed", bool),
  ],
);
export type VmbusServerSavedState = Shape<typeof VmbusServerSavedState>;
