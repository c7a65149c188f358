/**
 * Package `vmbus.relay`: channels handed on from the host to VTL0, from
 * vm/devices/vmbus/vmbus_relay. The layout of 2411 lives on as "legacy": since 2505 the state is
 * converted to it before it leaves, under the same type URL, and converted back after it is read.
 *
 * @module
 */
import type { Shape, Variants } from "../schema/message.ts";
import { field, message, oneof, variant } from "../schema/message.ts";
import { bool, bytes, choice, nested, option, u16, u32, vec } from "../schema/type.ts";
import { VmbusClientSavedState } from "./vmbus_client.ts";

export const VmbusRelayState = oneof(
  "vmbus.relay.RelayState",
  "vm/devices/vmbus/vmbus_relay/src/saved_state.rs",
  [variant(1, "Disconnected"), variant(2, "Connected")],
  { until: "2411" },
);
export type VmbusRelayState = Variants<typeof VmbusRelayState>;

export const VmbusRelayChannel = message(
  "vmbus.relay.Channel",
  "vm/devices/vmbus/vmbus_relay/src/saved_state.rs",
  [
    field(1, "channel_id", u32),
    /** `null` while the channel is not open. */
    field(2, "event_flag", option(u16)),
    field(3, "intercepted", bool),
    /** State of the device that took the channel. */
    field(4, "intercepted_save_state", bytes),
    /** Not in the legacy layout; found again from the client's channels. */
    field(5, "is_open", bool, { since: "2505" }),
  ],
);
export type VmbusRelayChannel = Shape<typeof VmbusRelayChannel>;

/** The layout of 2411 (fields 2 to 4) and the one since 2505 (field 5) share field 1. */
export const VmbusRelaySavedState = message(
  "vmbus.relay.SavedState",
  "vm/devices/vmbus/vmbus_relay/src/saved_state.rs",
  [
    field(1, "use_interrupt_relay", bool),
    field(2, "relay_state", choice(VmbusRelayState), { until: "2411" }),
    /** 2411 saves the client inside the relay. */
    field(3, "client_saved_state", nested(VmbusClientSavedState), { until: "2411" }),
    field(4, "channels", vec(nested(VmbusRelayChannel)), { until: "2411" }),
    field(5, "channels", vec(nested(VmbusRelayChannel)), { since: "2505" }),
  ],
);
export type VmbusRelaySavedState = Shape<typeof VmbusRelaySavedState>;

export const VmbusRelayLegacyState = oneof(
  "vmbus.relay.RelayState",
  "vm/devices/vmbus/vmbus_relay/src/legacy_saved_state.rs",
  [variant(1, "Disconnected"), variant(2, "Connected")],
  { since: "2505" },
);
export type VmbusRelayLegacyState = Variants<typeof VmbusRelayLegacyState>;

export const VmbusRelayLegacyChannel = message(
  "vmbus.relay.Channel",
  "vm/devices/vmbus/vmbus_relay/src/legacy_saved_state.rs",
  [
    field(1, "channel_id", u32),
    field(2, "event_flag", option(u16)),
    field(3, "intercepted", bool),
    field(4, "intercepted_save_state", bytes),
  ],
  { since: "2505" },
);
export type VmbusRelayLegacyChannel = Shape<typeof VmbusRelayLegacyChannel>;

/** What really is on the wire since 2505; its type URL has no suffix. */
export const VmbusRelayLegacySavedState = message(
  "vmbus.relay.SavedState",
  "vm/devices/vmbus/vmbus_relay/src/legacy_saved_state.rs",
  [
    field(1, "use_interrupt_relay", bool),
    /** Always written as Connected, whatever the client says. */
    field(2, "relay_state", choice(VmbusRelayLegacyState)),
    field(3, "client_saved_state", nested(VmbusClientSavedState)),
    field(4, "channels", vec(nested(VmbusRelayLegacyChannel))),
  ],
  { since: "2505" },
);
export type VmbusRelayLegacySavedState = Shape<typeof VmbusRelayLegacySavedState>;
