/**
 * What a release of the VMBus server does differently, as data. The rules of defects are on the
 * right side unless a release is known for the wrong one.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels.rs and channels/saved_state.rs (fields 2 and 3
 * of `SavedState`); the pull requests named below.
 *
 * @module
 */
import { ChainError } from "../machine/mod.ts";
import { FEATURE, VERSION, type VersionInfo } from "./protocol.ts";

export interface ServerRules {
  readonly versions: readonly number[];
  /** Features that the server has, and that a restore accepts. */
  readonly featureFlags: number;
  /**
   * Features that a guest is offered. The client id is not among them, so that a rollback to a
   * release without it stays possible (PRs 428, 803).
   */
  readonly offeredFlags: number;
  /**
   * Newest version that a restore accepts, apart from the one offered to guests, so that a
   * rollback can be staged (PRs 3482, 3715); null for no limit.
   */
  readonly restoreVersionMax: number | null;
  /** Newest version that a guest gets at contact, where the command line says so. */
  readonly versionMax: number | null;
  /** What limits contact limits restores, too (PR 3482, until 3715). */
  readonly limitsRestore: boolean;
  /** A restore refuses a version or features that it does not have (PR 3482). */
  readonly checksRestored: boolean;
  /** A restore refuses features on a version before Copper, which has none (PR 3482). */
  readonly flagsNeedCopper: boolean;
  /** Saves messages that the guest has not taken yet. */
  readonly pendingMessages: boolean;
  /** Saves reserved channels of a guest that is not connected (issue 882). */
  readonly disconnectedState: boolean;
  /** After a restore, offers go only to a guest that has asked for offers (PR 1681). */
  readonly offersOnlyOnRequest: boolean;
  /** Unclaimed channels are revoked at the first start after a restore only (PR 2879). */
  readonly revokesOnlyAfterRestore: boolean;
  /** A GPADL whose channel goes before it is complete is forgotten altogether (PR 2410). */
  readonly forgetsIncompleteGpadls: boolean;
  /** A reset does not wait for a channel that is being opened (PR 3491). */
  readonly resetsOpeningChannels: boolean;
  /** A guest may make GPADLs for a channel whose rescind it has not seen (PR 3959). */
  readonly gpadlsForRevokedChannels: boolean;
  /**
   * A modification of the connection that is refused is answered. Without this the refusal ends a
   * modification that has not begun, or the one before, and the server panics.
   */
  readonly answersRefusedModify: boolean;
  /**
   * The relay's answer to a modification that a disconnect has overtaken is dropped. Without this
   * it ends the disconnect, and the answer to that panics the server.
   */
  readonly dropsOvertakenAnswers: boolean;
  /**
   * A modification of a channel that was not answered before a save is made again after the
   * restore. Without this its guest waits for ever, and may not ask again.
   */
  readonly repeatsModify: boolean;
  /** A message that only a client may be sent is refused, and does not panic the server. */
  readonly refusesClientMessages: boolean;
  /** A closed channel that nobody restores stays as it is (PR 3649, reverted by 3955). */
  readonly keepsUnclaimedClosed: boolean;
  /**
   * A device takes over a channel that its guest has closed, too. Without this it is rescinded at
   * the restore and offered anew, while the guest may be opening it (PRs 3649, 3955, 4081).
   */
  readonly claimsClosedChannels: boolean;
  /**
   * As a host does: a channel that goes is rescinded before what was asked of it is answered, a
   * modification, too (PR 1100). Without this modifications of such a channel are forgotten.
   */
  readonly rescindsFirst: boolean;
  /** A device that goes revokes its own channel only, not a newer one of its key (PR 1815). */
  readonly revokesOwnOfferOnly: boolean;
}

const ALL_FEATURES = Object.values(FEATURE).reduce((flags, flag) => flags | flag, 0);

/** Features that the server has by itself, whatever a relay's host has. */
export const LOCAL_FEATURES: number = FEATURE.clientId | FEATURE.confidentialChannels;

/** A server without any defect, with every version and feature but the client id. */
export const SOUND_SERVER: ServerRules = {
  versions: Object.values(VERSION),
  featureFlags: ALL_FEATURES & ~FEATURE.serverSpecifiedMonitorPages,
  offeredFlags: ALL_FEATURES & ~FEATURE.clientId,
  restoreVersionMax: null,
  versionMax: null,
  limitsRestore: false,
  checksRestored: true,
  flagsNeedCopper: true,
  pendingMessages: true,
  disconnectedState: true,
  offersOnlyOnRequest: true,
  revokesOnlyAfterRestore: true,
  forgetsIncompleteGpadls: true,
  resetsOpeningChannels: true,
  gpadlsForRevokedChannels: true,
  answersRefusedModify: true,
  dropsOvertakenAnswers: true,
  repeatsModify: true,
  refusesClientMessages: true,
  keepsUnclaimedClosed: false,
  claimsClosedChannels: true,
  rescindsFirst: false,
  revokesOwnOfferOnly: true,
};

/** What a guest that asks for `version` and `flags` gets; null when it is not supported. */
export function negotiated(
  rules: ServerRules,
  version: number,
  flags: number,
  trusted: boolean,
): VersionInfo | null {
  if (!rules.versions.includes(version) || isBeyond(version, rules.versionMax)) return null;
  if (version < VERSION.copper) return { version, featureFlags: 0 };
  const confidential = trusted ? 0 : FEATURE.confidentialChannels;
  const has = rules.featureFlags & rules.offeredFlags & ~confidential;
  return { version, featureFlags: flags & has };
}

/** Refuses a connection that the release cannot continue. `of` is put before what it lacks. */
export function checkVersion(rules: ServerRules, info: VersionInfo, of = ""): void {
  if (!rules.checksRestored) return;
  const { version, featureFlags } = info;
  if (!accepts(rules, version)) {
    throw new ChainError(`unsupported ${of}protocol version ${hex(version)}`);
  }
  if (lacksFlags(rules, info)) {
    throw new ChainError(`unsupported ${of}feature flags ${hex(featureFlags)}`);
  }
}

function accepts(rules: ServerRules, version: number): boolean {
  if (rules.limitsRestore && isBeyond(version, rules.versionMax)) return false;
  return rules.versions.includes(version) && !isBeyond(version, rules.restoreVersionMax);
}

function isBeyond(version: number, limit: number | null): boolean {
  return limit !== null && version > limit;
}

function lacksFlags(rules: ServerRules, { version, featureFlags }: VersionInfo): boolean {
  if ((featureFlags & ~rules.featureFlags) !== 0) return true;
  return rules.flagsNeedCopper && version < VERSION.copper && featureFlags !== 0;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
