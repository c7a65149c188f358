/**
 * Parts of a controller as its commands see them.
 *
 * @module
 */

/** A command's outcome. */
export interface AdminReply {
  /** Status code type and status code; 0 is success. */
  readonly status: number;
  /** Dword 0 of the completion. */
  readonly dw0: number;
  /** Identify data, as it would be written by DMA. */
  readonly data?: Uint8Array;
  /** Changed namespaces, as the log page would list them. */
  readonly list?: readonly number[];
}

/** A namespace as the controller has it. */
export interface HardwareNamespace {
  readonly nsid: number;
  readonly blocks: bigint;
  readonly identify: Uint8Array;
}

/** A queue pair as the controller has it. */
export interface HardwareQueue {
  readonly qid: number;
  readonly cqPfn: bigint;
  /** Null until the submission queue has been created too. */
  sqPfn: bigint | null;
  readonly entries: number;
  sqHead: number;
  /** In flight, oldest first. */
  readonly outstanding: { readonly cid: number; readonly opcode: number }[];
  /** Completed, not read by the driver yet. */
  readonly posted: Completion[];
}

/** A completion queue entry, with the data that the command has written to memory. */
export interface Completion extends AdminReply {
  readonly cid: number;
  /** Head of the submission queue. */
  readonly sqhd: number;
}

/** What admin commands act on. */
export interface Hardware {
  readonly ioQueuesMax: number;
  /** Identify controller structure. */
  readonly identify: Uint8Array;
  readonly namespaces: ReadonlyMap<number, HardwareNamespace>;
  readonly queues: Map<number, HardwareQueue>;
  addQueue(queue: HardwareQueue): void;
  /** Namespaces that changed since the last call; the next change is reported again. */
  takeChangedNamespaces(): number[];
}
