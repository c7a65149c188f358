/**
 * What the host and the guest speak: versions and features of VMBus on either side of OpenHCL, and
 * whether the host knows of keepalive.
 *
 * Source: microsoft/openvmm, pull requests 464 and 487 (a host that does not know a flag sends
 * zero), 1377; vm/devices/vmbus/vmbus_core/src/protocol.rs.
 *
 * @module
 */
import { FEATURE, type ServerRules, VERSION } from "../vmbus/mod.ts";

export type Protocol =
  | "current"
  | "guest-iron"
  | "guest-win10"
  | "guest-win7"
  | "host-pausing"
  | "host-zeroed";

export interface Spoken {
  /** Versions that the guest asks for, newest last. */
  readonly guestVersions: readonly number[];
  /** What the host's bus has apart from the usual one. */
  readonly hostRules: Partial<ServerRules>;
  /** A host from before keepalive resets assigned devices when OpenHCL restarts. */
  readonly hostResetsDevices: boolean;
}

const CURRENT: Spoken = {
  guestVersions: [VERSION.iron, VERSION.copper],
  hostRules: {},
  hostResetsDevices: false,
};

/** What a host has that pauses its messages while OpenHCL is saved (PR 962), as OpenVMM does. */
const PAUSING =
  FEATURE.guestSpecifiedSignalParameters |
  FEATURE.channelInterruptRedirection |
  FEATURE.modifyConnection |
  FEATURE.pauseResume;

/** What each one stands for. */
export const SPOKEN: Readonly<Record<Protocol, Spoken>> = {
  current: CURRENT,
  "guest-iron": { ...CURRENT, guestVersions: [VERSION.iron] },
  "guest-win10": { ...CURRENT, guestVersions: [VERSION.win10] },
  // A guest from before Windows 8 has an interrupt page, for which the relay takes interrupts.
  "guest-win7": { ...CURRENT, guestVersions: [VERSION.win7] },
  "host-pausing": { ...CURRENT, hostRules: { featureFlags: PAUSING } },
  "host-zeroed": { ...CURRENT, hostResetsDevices: true },
};
