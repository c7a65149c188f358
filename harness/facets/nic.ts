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
}
