/**
 * The connection of a VMBus server to its guest.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels.rs (`ConnectionState`, `ConnectionAction`).
 *
 * @module
 */
import type { Guid, InitiateContactRequest } from "../openhcl_state/mod.ts";
import { VERSION, type VersionInfo } from "./protocol.ts";

/** Pages of monitored notifications, as guest-physical addresses. */
export interface MonitorPages {
  readonly parentToChild: bigint;
  readonly childToParent: bigint;
}

/** What a guest has told when it connected. */
export interface ConnectionInfo {
  readonly version: VersionInfo;
  readonly trusted: boolean;
  readonly offersSent: boolean;
  /** Guest-physical address of the channel bitmap that versions before Windows 8 use. */
  readonly interruptPage: bigint | null;
  readonly monitorPages: MonitorPages | null;
  readonly targetMessageVp: number;
  /** A ModifyConnection has not been answered. */
  readonly modifying: boolean;
  readonly clientId: Guid;
  /** The guest wants no messages until it says so. */
  readonly paused: boolean;
}

/** What comes once the guest is disconnected. */
export type ConnectionAction =
  | { readonly kind: "None" }
  | { readonly kind: "Reset" }
  | { readonly kind: "SendUnloadComplete" }
  | { readonly kind: "Reconnect"; readonly request: InitiateContactRequest }
  | { readonly kind: "SendFailedVersionResponse" };

export type ConnectionState =
  | { readonly kind: "Disconnected" }
  /** `modifySent`: every channel is back, and the relay has been told. */
  | {
      readonly kind: "Disconnecting";
      readonly nextAction: ConnectionAction;
      readonly modifySent: boolean;
    }
  | {
      readonly kind: "Connecting";
      readonly info: ConnectionInfo;
      readonly nextAction: ConnectionAction;
    }
  | { readonly kind: "Connected"; readonly info: ConnectionInfo };

export const DISCONNECTED: ConnectionState = { kind: "Disconnected" };
export const NO_ACTION: ConnectionAction = { kind: "None" };

/** What changes at the other side of a relay when a guest connects, disconnects or modifies. */
export interface ModifyRequest {
  /** Version that a connecting guest asks for; null when it stays. */
  readonly version: number | null;
  /** Null when it stays. */
  readonly monitorPages: "reset" | MonitorPages | null;
  /** Whether the guest has an interrupt page; null when that stays. */
  readonly usesInterruptPage: boolean | null;
}

/** The relay behind a server; answers by `relayAnswered()` of the server. */
export interface ServerRelay {
  modifyConnection(request: ModifyRequest): void;
}

/** How the other side has taken it: a connection state and its features, or not at all. */
export type ModifyAnswer =
  | { readonly connectionState: number; readonly featureFlags: number }
  | "unsupported";

/** The version under which messages are understood: that of a guest that is connected. */
export function versionOf(state: ConnectionState): VersionInfo | null {
  return state.kind === "Connected" ? state.info.version : null;
}

/** Whether a guest is told that a channel has been modified. */
export function answersModify(state: ConnectionState): boolean {
  return (versionOf(state)?.version ?? 0) >= VERSION.iron;
}
