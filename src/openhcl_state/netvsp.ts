/**
 * Package `net.netvsp`: the synthetic NIC that VTL0 sees, from vm/devices/net/netvsp.
 *
 * @module
 */
import type { Shape, Variants } from "../schema/message.ts";
import { field, message, oneof, variant } from "../schema/message.ts";
import { bool, bytes, choice, nested, option, u16, u32, u64, vec } from "../schema/type.ts";
import { GpadlId } from "./vmbus.ts";

export const NdisConfig = message(
  "net.netvsp.NdisConfig",
  "vm/devices/net/netvsp/src/saved_state.rs",
  [
    /** Octets. */
    field(1, "mtu", u32),
    field(2, "capabilities", u64),
  ],
);
export type NdisConfig = Shape<typeof NdisConfig>;

export const NdisVersion = message(
  "net.netvsp.NdisVersion",
  "vm/devices/net/netvsp/src/saved_state.rs",
  [field(1, "major", u32), field(2, "minor", u32)],
);
export type NdisVersion = Shape<typeof NdisVersion>;

export const ReceiveBuffer = message(
  "net.netvsp.ReceiveBuffer",
  "vm/devices/net/netvsp/src/saved_state.rs",
  [
    field(1, "gpadl_id", nested(GpadlId)),
    field(2, "id", u16),
    /** Octets. */
    field(3, "sub_allocation_size", u32),
  ],
);
export type ReceiveBuffer = Shape<typeof ReceiveBuffer>;

export const SendBuffer = message(
  "net.netvsp.SendBuffer",
  "vm/devices/net/netvsp/src/saved_state.rs",
  [field(1, "gpadl_id", nested(GpadlId))],
);
export type SendBuffer = Shape<typeof SendBuffer>;

export const InitPrimary = message(
  "net.netvsp.InitPrimary",
  "vm/devices/net/netvsp/src/saved_state.rs",
  [
    field(1, "version", u32),
    field(2, "ndis_config", option(nested(NdisConfig))),
    field(3, "ndis_version", option(nested(NdisVersion))),
    field(4, "receive_buffer", option(nested(ReceiveBuffer))),
    field(5, "send_buffer", option(nested(SendBuffer))),
  ],
);
export type InitPrimary = Shape<typeof InitPrimary>;

export const RndisState = oneof(
  "net.netvsp.RndisState",
  "vm/devices/net/netvsp/src/saved_state.rs",
  [variant(1, "Initializing"), variant(2, "Operational"), variant(3, "Halted")],
);
export type RndisState = Variants<typeof RndisState>;

export const GuestVfState = oneof(
  "net.netvsp.GuestVfState",
  "vm/devices/net/netvsp/src/saved_state.rs",
  [
    variant(1, "NoState"),
    variant(2, "AvailableAdvertised"),
    variant(3, "Ready"),
    variant(4, "DataPathSwitchPending", [
      field(1, "to_guest", bool),
      field(2, "id", option(u64)),
      field(3, "result", option(bool)),
    ]),
    variant(5, "DataPathSwitched"),
  ],
);
export type GuestVfState = Variants<typeof GuestVfState>;

export const ChecksumOffloadConfig = message(
  "net.netvsp.ChecksumOffloadConfig",
  "vm/devices/net/netvsp/src/saved_state.rs",
  [
    field(1, "ipv4_header", bool),
    field(2, "tcp4", bool),
    field(3, "udp4", bool),
    field(4, "tcp6", bool),
    field(5, "udp6", bool),
  ],
);
export type ChecksumOffloadConfig = Shape<typeof ChecksumOffloadConfig>;

export const OffloadConfig = message(
  "net.netvsp.OffloadConfig",
  "vm/devices/net/netvsp/src/saved_state.rs",
  [
    field(1, "checksum_tx", nested(ChecksumOffloadConfig)),
    field(2, "checksum_rx", nested(ChecksumOffloadConfig)),
    field(3, "lso4", bool),
    field(4, "lso6", bool),
  ],
);
export type OffloadConfig = Shape<typeof OffloadConfig>;

export const IncomingControlMessage = message(
  "net.netvsp.IncomingControlMessage",
  "vm/devices/net/netvsp/src/saved_state.rs",
  [field(1, "message_type", u32), field(2, "data", bytes)],
);
export type IncomingControlMessage = Shape<typeof IncomingControlMessage>;

export const RssState = message("net.netvsp.RssState", "vm/devices/net/netvsp/src/saved_state.rs", [
  field(1, "key", bytes),
  field(2, "indirection_table", vec(u16)),
]);
export type RssState = Shape<typeof RssState>;

export const Rx = message("net.netvsp.Rx", "vm/devices/net/netvsp/src/saved_state.rs", [
  /** Indices into the receive buffer. */
  field(1, "buffers", vec(u32)),
]);
export type Rx = Shape<typeof Rx>;

export const NetvspChannel = message(
  "net.netvsp.Channel",
  "vm/devices/net/netvsp/src/saved_state.rs",
  [
    /** Transaction ids. */
    field(1, "pending_tx_completions", vec(u64)),
    field(2, "in_use_rx", vec(nested(Rx))),
  ],
);
export type NetvspChannel = Shape<typeof NetvspChannel>;

export const ReadyPrimary = message(
  "net.netvsp.ReadyPrimary",
  "vm/devices/net/netvsp/src/saved_state.rs",
  [
    field(1, "version", u32),
    field(2, "receive_buffer", nested(ReceiveBuffer)),
    field(3, "send_buffer", option(nested(SendBuffer))),
    field(4, "ndis_config", nested(NdisConfig)),
    field(5, "ndis_version", nested(NdisVersion)),
    field(6, "rndis_state", choice(RndisState)),
    field(7, "guest_vf_state", choice(GuestVfState)),
    field(8, "offload_config", nested(OffloadConfig)),
    field(9, "pending_offload_change", bool),
    field(10, "control_messages", vec(nested(IncomingControlMessage))),
    field(11, "rss_state", option(nested(RssState))),
    /** By index; `null` for one that is not open. */
    field(12, "channels", vec(option(nested(NetvspChannel)))),
    field(13, "tx_spread_sent", bool),
    field(14, "guest_link_down", bool),
    /** Link state to report, once the delay is over. */
    field(15, "pending_link_action", option(bool)),
    /** `null` from 2411. */
    field(16, "packet_filter", option(u32), { since: "2505" }),
    /** `null` from before 1.8.2607. */
    field(17, "advertised_vf_serial_number", option(u32), { since: "1.8.2607" }),
  ],
);
export type ReadyPrimary = Shape<typeof ReadyPrimary>;

export const Primary = oneof("net.netvsp.Primary", "vm/devices/net/netvsp/src/saved_state.rs", [
  variant(1, "Version"),
  variant(2, "Init", [field(1, "0", nested(InitPrimary))]),
  variant(3, "Ready", [field(1, "0", nested(ReadyPrimary))]),
]);
export type Primary = Variants<typeof Primary>;

export const OpenState = message(
  "net.netvsp.OpenState",
  "vm/devices/net/netvsp/src/saved_state.rs",
  [field(1, "primary", choice(Primary))],
);
export type OpenState = Shape<typeof OpenState>;

export const NetvspSavedState = message(
  "net.netvsp.SavedState",
  "vm/devices/net/netvsp/src/saved_state.rs",
  [field(1, "open", option(nested(OpenState)))],
);
export type NetvspSavedState = Shape<typeof NetvspSavedState>;
