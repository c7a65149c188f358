/**
 * What a guest has made of its channels, and what these are at power-on. Values are arbitrary and
 * differ from every default.
 *
 * Source of the shapes: microsoft/openvmm, vm/devices/net/netvsp/src/saved_state.rs.
 *
 * @module
 */
import type { NetvspState } from "./channel_units.ts";

/** Virtual processors of every VM. */
export const VP_COUNT = 4;

/** Guests that are told apart by what they write; few, so that equal content is shared. */
const GUESTS = 4;

/** Which of them the guest of a machine is. */
export function guestOf(seed: number): number {
  return seed % GUESTS;
}

/** A synthetic NIC whose channel is closed. */
export const NETVSP_CLOSED: NetvspState = { open: null };

/** A synthetic NIC that passes packets, with the VF of the accelerated path in use. */
export function netvspReady(gpadls: readonly number[]): NetvspState {
  const [receive = 0, send = 0] = gpadls;
  return {
    open: {
      primary: {
        variant: "Ready",
        value: {
          0: {
            version: 0x6_0001,
            receive_buffer: { gpadl_id: { 0: receive }, id: 0xcafe, sub_allocation_size: 2048 },
            send_buffer: { gpadl_id: { 0: send } },
            ndis_config: { mtu: 1514, capabilities: 0x3dn },
            ndis_version: { major: 6, minor: 30 },
            rndis_state: { variant: "Operational", value: {} },
            guest_vf_state: { variant: "DataPathSwitched", value: {} },
            offload_config: OFFLOADS,
            pending_offload_change: false,
            control_messages: [],
            rss_state: null,
            channels: [{ pending_tx_completions: [0x51n], in_use_rx: [{ buffers: [1, 7] }] }],
            tx_spread_sent: true,
            guest_link_down: false,
            pending_link_action: null,
            packet_filter: 0x9,
            advertised_vf_serial_number: 0x41,
          },
        },
      },
    },
  };
}

const CHECKSUMS = { ipv4_header: true, tcp4: true, udp4: true, tcp6: true, udp6: true };
const OFFLOADS = { checksum_tx: CHECKSUMS, checksum_rx: CHECKSUMS, lso4: true, lso6: false };
