/** Accelerated network adapters (MANA). */
export interface Nic {
  adapters(): readonly NicRecord[];
}

export interface NicRecord {
  readonly pciId: string;
  /** Resets that the hardware has seen since power-on. */
  readonly resets: number;
  /** True when the driver took over a live device instead of initialising it. */
  readonly restored: boolean;
  /** Index by which the guest knows the adapter. */
  readonly adapterIndex: number;
  /** The number that the hardware gives the guest for it; null for none. */
  readonly serial: number | null;
  /** Times that the hardware has been set up by a driver since power-on. */
  readonly channels: number;
  /** Times that the link went up or down since power-on. */
  readonly linkEvents: number;
  readonly traffic: TrafficRecord;
}

/** What the guest has seen of its network since its first boot. */
export interface TrafficRecord {
  /** Packets that it sent. Every one is echoed on the wire. */
  readonly sent: number;
  readonly echoed: number;
  /** Times that it was told that the link went up or down. */
  readonly linkChanges: number;
}
