/**
 * What a controller is made of.
 *
 * @module
 */

export interface ControllerConfig {
  readonly pciId: string;
  readonly namespaces: readonly { readonly nsid: number; readonly blocks: bigint }[];
  readonly vendorId?: number;
  readonly deviceId?: number;
  /** False when the operating system cannot read vendor and device. */
  readonly idsReadable?: boolean;
  /** True when it answers every start with a fatal status until its function is reset. */
  readonly wedged?: boolean;
  /** I/O queue pairs that it grants. */
  readonly ioQueuesMax?: number;
  /** Entries of a queue, CAP.MQES plus one. */
  readonly queueEntriesMax?: number;
  /** MSI-X vectors. */
  readonly interruptsMax?: number;
}

/** `config` with everything that it leaves out. */
export function completeConfig(config: ControllerConfig): Required<ControllerConfig> {
  return { ...DEFAULTS, ...config };
}

const DEFAULTS = {
  vendorId: 0x1414,
  deviceId: 0x00a9,
  idsReadable: true,
  wedged: false,
  ioQueuesMax: 64,
  queueEntriesMax: 1024,
  interruptsMax: 64,
} as const;
