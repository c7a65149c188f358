/**
 * A guest that was met in the middle: it knows what it was offered and has open, and keeps to that.
 *
 * @module
 */
import type { OfferKey } from "../openhcl_state/mod.ts";
import type { VersionInfo } from "../vmbus/mod.ts";
import type { VmbusDriver } from "./vmbus_driver.ts";

/** What is known of it. */
export interface KnownGuest {
  readonly version: VersionInfo;
  readonly offersSent: boolean;
  readonly channels: readonly {
    readonly key: OfferKey;
    readonly relid: number;
    readonly connectionId: number;
    readonly open: boolean;
  }[];
}

/** Makes a guest that has not made contact the one that is known. */
export function adoptedGuest({ state }: VmbusDriver, known: KnownGuest): void {
  state.connection = known.offersSent ? "delivered" : "connected";
  state.version = known.version;
  state.versionAsked = known.version.version;
  for (const { key, relid, connectionId, open } of known.channels) {
    state.channels.set(relid, {
      relid,
      key,
      planned: null,
      connectionId,
      state: open ? "open" : "offered",
      gpadls: [],
      modifying: 0,
      rescinded: false,
      traffic: { sent: 0, received: 0 },
      greeted: 0,
    });
  }
}
