/**
 * What a guest sees of its bus.
 *
 * @module
 */

/** A channel as the guest sees it, and the host's side of one that is relayed. */
export interface ChannelRecord {
  readonly channelId: number;
  readonly open: boolean;
  readonly gpadls: readonly number[];
  readonly host?: {
    readonly channelId: number;
    readonly state: "offered" | "opened";
    readonly gpadls: readonly number[];
  };
}

/** What a guest finds on its bus. */
export interface GuestBus {
  readonly channels: readonly ChannelRecord[];
  readonly pending: readonly Uint8Array[];
}
