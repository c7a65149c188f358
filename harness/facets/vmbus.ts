/** VMBus as the guest sees it. */
export interface Vmbus {
  /** Channels that are offered, by `channelId`. */
  channels(): readonly ChannelRecord[];
  /** Messages that the host sent and the guest has not received, as octets. */
  pendingMessages(): readonly Uint8Array[];
  /** What a restore left to a guest that has gone on since; null before that. */
  found?(): FoundBus | null;
  /** True while messages of the host's bus are taken; false once that has been stopped. */
  listening(): boolean;
}

export interface FoundBus {
  readonly channels: readonly ChannelRecord[];
  readonly pending: readonly Uint8Array[];
}

export interface ChannelRecord {
  readonly channelId: number;
  readonly open: boolean;
  /** GPADLs that belong to the channel. */
  readonly gpadls: readonly number[];
  /** The host's side of a relayed channel, as the client knows it; absent for other channels. */
  readonly host?: HostChannelRecord;
}

export interface HostChannelRecord {
  /** Id by which the host knows the channel; the guest's own where it is left out. */
  readonly channelId?: number;
  readonly state: "offered" | "opened";
  /** GPADLs that the host has of the channel. */
  readonly gpadls: readonly number[];
}
