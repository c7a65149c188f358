/**
 * Saved parts of a VMBus server as the server has them: connections and states of channels. What
 * the release cannot continue is refused.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs (`restore` of each message).
 *
 * @module
 */
import { ChainError } from "../machine/mod.ts";
import type {
  Connection,
  Guid,
  VersionInfo,
  VmbusServerChannelState,
} from "../openhcl_state/mod.ts";
import type { ConnectionAction, ConnectionState, MonitorPages } from "./connection.ts";
import { VERSION } from "./protocol.ts";
import { type ChannelState, CLOSED, REOFFERED, type ReservedState } from "./server_channel.ts";
import { checkVersion, type ServerRules } from "./server_rules.ts";

const ZERO_GUID: Guid = { data1: 0, data2: 0, data3: 0, data4: new Uint8Array(8) };

export function restoreConnection(rules: ServerRules, saved: Connection): ConnectionState {
  if (saved.variant === "Disconnecting") {
    // If the relay has been told already, it will be told again.
    const nextAction = restoreAction(saved.value.next_action);
    return { kind: "Disconnecting", nextAction, modifySent: false };
  }
  const { version, interrupt_page, monitor_page, target_message_vp, client_id, trusted } =
    saved.value;
  const told = {
    version: restoreVersion(rules, version),
    trusted,
    interruptPage: interrupt_page,
    monitorPages: monitor_page === null ? null : pagesOf(monitor_page),
    targetMessageVp: target_message_vp,
    clientId: client_id ?? ZERO_GUID,
  };
  if (saved.variant === "Connecting") {
    const info = { ...told, offersSent: false, modifying: false, paused: false };
    return { kind: "Connecting", info, nextAction: restoreAction(saved.value.next_action) };
  }
  const { offers_sent: offersSent, modifying, paused = false } = saved.value;
  return { kind: "Connected", info: { ...told, offersSent, modifying, paused } };
}

function restoreVersion(rules: ServerRules, saved: VersionInfo, of = "") {
  const version = { version: saved.version, featureFlags: saved.feature_flags };
  checkVersion(rules, version, of);
  return version;
}

function pagesOf(pages: { parent_to_child: bigint; child_to_parent: bigint }): MonitorPages {
  return { parentToChild: pages.parent_to_child, childToParent: pages.child_to_parent };
}

function restoreAction(
  saved: Extract<Connection, { variant: "Disconnecting" }>["value"]["next_action"],
): ConnectionAction {
  if (saved.variant !== "Reconnect") return { kind: saved.variant };
  return { kind: "Reconnect", request: saved.value.initiate_contact };
}

/** A channel that was revoked is offered again, unless it turns out that nobody does. */
export function restoreState(rules: ServerRules, saved: VmbusServerChannelState): ChannelState {
  const reserved =
    "reserved_state" in saved.value ? restoreReserved(rules, saved.value.reserved_state) : null;
  switch (saved.variant) {
    case "Closed":
      return CLOSED;
    case "Opening":
      return { kind: "Opening", request: saved.value.request, reserved };
    case "Open": {
      const { params, modify_state } = saved.value;
      const modify =
        modify_state.variant === "NotModifying"
          ? null
          : { pendingTargetVp: modify_state.value.pending_target_vp };
      return { kind: "Open", params, modify, reserved };
    }
    case "Closing":
      return { kind: "Closing", params: saved.value.params, reserved };
    case "ClosingReopen": {
      const { params, request } = saved.value;
      return { kind: "ClosingReopen", params, request };
    }
    case "Revoked":
      return REOFFERED;
  }
}

type SavedReserved = Extract<
  VmbusServerChannelState,
  { variant: "Opening" }
>["value"]["reserved_state"];

function restoreReserved(rules: ServerRules, saved: SavedReserved): ReservedState | null {
  if (saved === null) return null;
  const version = restoreVersion(rules, saved.version, "reserved channel ");
  if (version.version < VERSION.win10) {
    const text = `0x${version.version.toString(16)}`;
    throw new ChainError(`unsupported reserved channel protocol version ${text}`);
  }
  return { version, target: { vp: saved.vp, sint: saved.sint } };
}
