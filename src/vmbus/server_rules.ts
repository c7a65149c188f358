/**
 * What a release of the VMBus server saves and what it can restore.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs; facts/openhcl/semantics.md,
 * VMBus, and evolution.md (fields 2 and 3 of `vmbus.server.channels.SavedState`).
 *
 * @module
 */
import { ChainError } from "../machine/mod.ts";
import type { Connection, VersionInfo, VmbusServerChannelState } from "../openhcl_state/mod.ts";

export interface ServerRules {
  readonly versions: readonly number[];
  readonly featureFlags: number;
  /**
   * Newest version that a restore accepts, apart from the one offered to guests, so that a
   * rollback can be staged (PR 3715); null for no limit.
   */
  readonly restoreVersionMax: number | null;
  /** Saves messages that the guest has not taken yet. */
  readonly pendingMessages: boolean;
  /** Saves reserved channels of a guest that is not connected. */
  readonly disconnectedState: boolean;
}

/** The version of a connection; null when it has none yet. */
export function versionOf(connection: Connection): VersionInfo | null {
  return connection.variant === "Disconnecting" ? null : connection.value.version;
}

/** Refuses a connection that the release cannot continue. */
export function checkVersion(rules: ServerRules, info: VersionInfo | null): void {
  if (info === null) return;
  const { version, feature_flags: flags } = info;
  if (!accepts(rules, version))
    throw new ChainError(`unsupported protocol version ${hex(version)}`);
  if ((flags & ~rules.featureFlags) !== 0) {
    throw new ChainError(`unsupported feature flags ${hex(flags)}`);
  }
}

/** Refuses a reserved channel that the release cannot continue. */
export function checkReserve(rules: ServerRules, state: VmbusServerChannelState): void {
  const value = state.value;
  const reserved = "reserved_state" in value ? value.reserved_state : null;
  if (reserved === null) return;
  const { version, feature_flags: flags } = reserved.version;
  if (!accepts(rules, version)) {
    throw new ChainError(`unsupported reserved channel protocol version ${hex(version)}`);
  }
  if ((flags & ~rules.featureFlags) !== 0) {
    throw new ChainError(`unsupported reserved channel feature flags ${hex(flags)}`);
  }
}

function accepts({ versions, restoreVersionMax }: ServerRules, version: number): boolean {
  return versions.includes(version) && (restoreVersionMax === null || version <= restoreVersionMax);
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
