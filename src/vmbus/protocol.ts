/**
 * Numbers of the VMBus protocol that are no message: versions, features, statuses, limits.
 *
 * Source: vm/devices/vmbus/vmbus_core/src/protocol.rs.
 *
 * @module
 */

/** Payload of a SynIC message: no VMBus message is longer. */
export const MESSAGE_LENGTH_MAX = 240;

/** Channel ids go from 1 to this; they are bits of the SynIC's event flags. */
export const CHANNEL_ID_MAX = 2047;

/** Protocol versions, as major and minor in 16 bits each, oldest first. */
export const VERSION = {
  v1: 0x0000_000d,
  win7: 0x0001_0001,
  win8: 0x0002_0004,
  win8_1: 0x0003_0000,
  win10: 0x0004_0000,
  win10Rs3_0: 0x0004_0001,
  win10Rs3_1: 0x0005_0000,
  win10Rs4: 0x0005_0001,
  win10Rs5: 0x0005_0002,
  iron: 0x0005_0003,
  copper: 0x0006_0000,
} as const;

/** Feature flags of Copper, one bit each. */
export const FEATURE = {
  guestSpecifiedSignalParameters: 0x01,
  channelInterruptRedirection: 0x02,
  modifyConnection: 0x04,
  clientId: 0x08,
  confidentialChannels: 0x10,
  pauseResume: 0x20,
  serverSpecifiedMonitorPages: 0x40,
} as const;

/** A version that two sides have agreed on, with the features that both have. */
export interface VersionInfo {
  readonly version: number;
  readonly featureFlags: number;
}

/** Statuses of answers, as signed 32 bits: below zero is failure. */
export const STATUS = {
  success: 0,
  unsuccessful: 0x8000_ffff | 0,
  connectionRefused: 0xc000_0236 | 0,
} as const;

/** `connection_state` of version responses and of answers to ModifyConnection. */
export const CONNECTION_STATE = {
  successful: 0,
  failedLowResources: 1,
  failedUnknownFailure: 2,
} as const;

/** The SINT that VMBus uses unless a guest asks for another one. */
export const SINT = 2;

/** Target processor of a channel without interrupts. */
export const VP_DISABLE_INTERRUPT = 0xffff_ffff;

/** OpenChannel flag: interrupts of the host go to the redirected VTL and SINT. */
export const REDIRECT_INTERRUPT = 1;

/** The connection id that a server offers for a channel of VTL0. */
export function connectionIdOf(channelId: number): number {
  return channelId | (SINT << 12);
}
