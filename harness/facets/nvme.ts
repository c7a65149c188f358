/** NVMe controllers as the guest's storage stack and the hardware see them. */
export interface Nvme {
  controllers(): readonly ControllerRecord[];
}

export interface ControllerRecord {
  readonly pciId: string;
  /** CC.EN=0 and function level resets that the hardware has seen since power-on. */
  readonly resets: number;
  /** Admin commands that the hardware has received since this hop began. */
  readonly adminOpcodes: readonly string[];
  /** True when the driver took over a live controller instead of initialising it. */
  readonly restored: boolean;
  readonly namespaces: readonly { readonly nsid: number; readonly blocks: bigint }[];
  /** I/O queue pairs that the driver knows, admin queue excluded. */
  readonly ioQueues: readonly QueueRecord[];
  /** Identifiers of commands that were in flight at the last save and have not completed. */
  readonly outstandingCids: readonly number[];
  /** True when a driver takes the guest's I/O. */
  readonly working: boolean;
  /** I/O commands since this hop began that came while some from before it were in flight. */
  readonly overtaking: number;
}

export interface QueueRecord {
  readonly qid: number;
  readonly cpu: number;
  /** False while a lazily restored queue waits for its first I/O. */
  readonly live: boolean;
  readonly basePfn: bigint;
  readonly pages: number;
}
