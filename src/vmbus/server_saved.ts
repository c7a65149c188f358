/**
 * The state of a VMBus server as it is saved, and back.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs. Channels that the guest does
 * not know, or has released while their device is busy, have no saved form and are left out, and
 * so have GPADLs that their guest has released before the device has taken them.
 *
 * @module
 */
import { u64At } from "../bytes/read_little_endian.ts";
import { putU64 } from "../bytes/write_little_endian.ts";
import type {
  Connection,
  VmbusServerChannel,
  VmbusServerChannelState,
  VmbusServerChannelsSavedState,
  VmbusServerGpadl,
} from "../openhcl_state/mod.ts";
import type { ConnectionAction, ConnectionInfo, ConnectionState } from "./connection.ts";
import type { ControlPlane } from "./control_plane.ts";
import { WORD_LENGTH } from "./gpa_ranges.ts";
import type { VersionInfo } from "./protocol.ts";
import {
  type Channel,
  type ChannelState,
  type Gpadl,
  type ReservedState,
  reservedOf,
} from "./server_channel.ts";

/** Everything that a release saves of `plane`. */
export function saveChannels(plane: ControlPlane): VmbusServerChannelsSavedState {
  const { rules, connection, channels, pending } = plane;
  const pending_messages = rules.pendingMessages ? pending.map((octets) => ({ 0: octets })) : [];
  const gpadls = channels.flatMap(saveGpadls);
  const saved = saveConnection(connection);
  if (saved !== null) {
    const state = { connection: saved, channels: channels.flatMap(saveChannel), gpadls };
    return { state, disconnected_state: null, pending_messages };
  }
  const reserved = channels.filter(({ state }) => reservedOf(state) !== null);
  const disconnected_state = rules.disconnectedState
    ? { reserved_channels: reserved.flatMap(saveChannel), reserved_gpadls: gpadls }
    : null;
  return { state: null, disconnected_state, pending_messages };
}

function saveConnection(connection: ConnectionState): Connection | null {
  switch (connection.kind) {
    case "Disconnected":
      return null;
    case "Disconnecting":
      return {
        variant: "Disconnecting",
        value: { next_action: saveAction(connection.nextAction) },
      };
    case "Connecting": {
      const {
        offers_sent: _offers,
        modifying: _modifying,
        paused: _paused,
        ...info
      } = saveInfo(connection.info);
      const next_action = saveAction(connection.nextAction);
      return { variant: "Connecting", value: { ...info, next_action } };
    }
    case "Connected":
      return { variant: "Connected", value: saveInfo(connection.info) };
  }
}

function saveInfo(info: ConnectionInfo) {
  const { version, trusted, offersSent, interruptPage, monitorPages, ...others } = info;
  const { targetMessageVp, modifying, clientId, paused, ...rest } = others;
  rest satisfies Record<string, never>;
  return {
    version: saveVersion(version),
    offers_sent: offersSent,
    interrupt_page: interruptPage,
    monitor_page:
      monitorPages === null
        ? null
        : {
            parent_to_child: monitorPages.parentToChild,
            child_to_parent: monitorPages.childToParent,
          },
    target_message_vp: targetMessageVp,
    modifying,
    client_id: clientId,
    trusted,
    paused,
  };
}

function saveVersion({ version, featureFlags }: VersionInfo) {
  return { version, feature_flags: featureFlags };
}

/** A reset is remembered by whoever has asked for it. */
function saveAction(
  action: ConnectionAction,
): Extract<Connection, { variant: "Disconnecting" }>["value"]["next_action"] {
  switch (action.kind) {
    case "None":
    case "Reset":
      return { variant: "None", value: {} };
    case "Reconnect":
      return { variant: "Reconnect", value: { initiate_contact: action.request } };
    default:
      return { variant: action.kind, value: {} };
  }
}

function saveChannel({ offer, info, state }: Channel): VmbusServerChannel[] {
  const saved = saveState(state);
  if (info === null || saved === null) return [];
  const { channelId, connectionId, monitorId, ...rest } = info;
  rest satisfies Record<string, never>;
  return [
    {
      key: offer.key,
      channel_id: channelId,
      offered_connection_id: connectionId,
      state: saved,
      monitor_id: monitorId,
    },
  ];
}

function saveState(state: ChannelState): VmbusServerChannelState | null {
  switch (state.kind) {
    case "Closed":
      return { variant: "Closed", value: {} };
    case "Opening": {
      const { request, reserved } = state;
      return { variant: "Opening", value: { request, reserved_state: saveReserved(reserved) } };
    }
    case "Open": {
      const { params, modify, reserved } = state;
      const modify_state =
        modify === null
          ? ({ variant: "NotModifying", value: {} } as const)
          : ({
              variant: "Modifying",
              value: { pending_target_vp: modify.pendingTargetVp },
            } as const);
      const value = { params, modify_state, reserved_state: saveReserved(reserved) };
      return { variant: "Open", value };
    }
    case "Closing": {
      const { params, reserved } = state;
      return { variant: "Closing", value: { params, reserved_state: saveReserved(reserved) } };
    }
    case "ClosingReopen": {
      const { params, request } = state;
      return { variant: "ClosingReopen", value: { params, request } };
    }
    case "Revoked":
    case "Reoffered":
      return { variant: "Revoked", value: {} };
    default:
      return null;
  }
}

function saveReserved(reserved: ReservedState | null) {
  if (reserved === null) return null;
  const { version, target, ...rest } = reserved;
  rest satisfies Record<string, never>;
  return { version: saveVersion(version), vp: target.vp, sint: target.sint };
}

function saveGpadls({ info, gpadls }: Channel): VmbusServerGpadl[] {
  const saved: VmbusServerGpadl[] = [];
  if (info === null) return saved;
  for (const [id, { count, octets, filled, state }] of gpadls) {
    if (state === "OfferedTearingDown") continue;
    const buf = words(octets, filled);
    saved.push({
      id,
      channel_id: info.channelId,
      count,
      buf,
      state: { variant: state, value: {} },
    });
  }
  return saved;
}

function words(octets: Uint8Array, filled: number): bigint[] {
  const buf: bigint[] = [];
  for (let at = 0; at < filled; at += WORD_LENGTH) buf.push(u64At(octets, at));
  return buf;
}

/** The GPADL of `saved`. */
export function restoreGpadl({ count, buf, state }: VmbusServerGpadl): Gpadl {
  const octets = new Uint8Array(buf.length * WORD_LENGTH);
  for (const [index, word] of buf.entries()) putU64(octets, index * WORD_LENGTH, word);
  const lengthKnown = state.variant !== "InProgress";
  return { count, octets, filled: octets.length, lengthKnown, state: state.variant };
}
