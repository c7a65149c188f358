/**
 * An NVMe controller as hardware: it goes on while OpenHCL restarts. At the level of saved state
 * it has CC.EN and CSTS.RDY, queues by place, commands in flight and namespaces; the data itself
 * is not modelled. Source: NVM Express Base Specification 2.0c, sections 3 and 5.
 *
 * @module
 */
import type { Inspect, InspectNode } from "../machine/mod.ts";
import { executeAdmin } from "./admin_commands.ts";
import type { Command } from "./command.ts";
import type { AdminReply, Hardware, HardwareNamespace, HardwareQueue } from "./hardware.ts";
import { identifyController, identifyNamespace } from "./identify.ts";
import { ADMIN_OPCODE, adminOpcodeName } from "./opcodes.ts";

/** What a controller is made of. */
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

/** Place and size of the admin queue pair, as AQA, ASQ and ACQ say. */
export interface AdminQueueRegisters {
  readonly sqPfn: bigint;
  readonly cqPfn: bigint;
  readonly entries: number;
}

/** Controller ready. */
export const CSTS_RDY = 1;
/** Controller fatal status. */
export const CSTS_CFS = 2;

const DEFAULTS = {
  vendorId: 0x1414,
  deviceId: 0x00a9,
  idsReadable: true,
  wedged: false,
  ioQueuesMax: 64,
  queueEntriesMax: 1024,
  interruptsMax: 64,
} as const;

/** The hardware. */
export class NvmeController implements Hardware, Inspect {
  readonly pciId: string;
  readonly vendorId: number;
  readonly deviceId: number;
  readonly idsReadable: boolean;
  readonly ioQueuesMax: number;
  readonly queueEntriesMax: number;
  readonly interruptsMax: number;
  readonly identify: Uint8Array;
  readonly namespaces = new Map<number, HardwareNamespace>();
  readonly queues = new Map<number, HardwareQueue>();
  /** Namespaces that changed since the list was last read. */
  readonly #changed = new Set<number>();
  /** True between an event and the reading of its log page: no second one is sent meanwhile. */
  #eventReported = false;
  #resets = 0;
  #wedged: boolean;
  #enabled = false;
  #adminOpcodes: string[] = [];

  constructor(config: ControllerConfig) {
    const all = { ...DEFAULTS, ...config };
    this.pciId = all.pciId;
    this.vendorId = all.vendorId;
    this.deviceId = all.deviceId;
    this.idsReadable = all.idsReadable;
    this.#wedged = all.wedged;
    this.ioQueuesMax = all.ioQueuesMax;
    this.queueEntriesMax = all.queueEntriesMax;
    this.interruptsMax = all.interruptsMax;
    this.identify = identifyController(all.vendorId);
    for (const { nsid, blocks } of all.namespaces) this.#setNamespace(nsid, blocks);
  }

  /** CC.EN. */
  get enabled(): boolean {
    return this.#enabled;
  }

  /** CSTS as a register value: bit 0 is RDY, bit 1 CFS, a fatal status. */
  get csts(): number {
    if (!this.#enabled) return 0;
    return this.#wedged ? CSTS_CFS : CSTS_RDY;
  }

  /** Times that CC.EN went to 0 or the function was reset, since power-on. */
  get resets(): number {
    return this.#resets;
  }

  /** Admin commands received since {@linkcode beginHop}. */
  get adminOpcodes(): readonly string[] {
    return this.#adminOpcodes;
  }

  /** Starts a new list of admin commands. */
  beginHop(): void {
    this.#adminOpcodes = [];
  }

  /** CC.EN goes to 1. */
  enable({ sqPfn, cqPfn, entries }: AdminQueueRegisters): void {
    this.#enabled = true;
    this.addQueue({ qid: 0, cqPfn, sqPfn, entries, sqHead: 0, outstanding: [], posted: [] });
  }

  /** CC.EN goes to 0: every queue and everything in flight is gone. */
  disable(): void {
    if (!this.#enabled) return;
    this.#forget();
  }

  functionLevelReset(): void {
    this.#wedged = false;
    this.#forget();
  }

  addQueue(queue: HardwareQueue): void {
    this.queues.set(queue.qid, queue);
  }

  /** Takes an entry from a submission queue. Admin commands are answered at once. */
  submit(qid: number, cid: number, command: Command): void {
    const queue = this.queues.get(qid);
    if (queue === undefined) return;
    queue.sqHead = (queue.sqHead + 1) % queue.entries;
    const { opcode } = command;
    if (qid === 0) this.#adminOpcodes.push(adminOpcodeName(opcode));
    if (qid === 0 && opcode !== ADMIN_OPCODE.ASYNCHRONOUS_EVENT_REQUEST) {
      queue.posted.push({ cid, sqhd: queue.sqHead, ...executeAdmin(this, command) });
      return;
    }
    queue.outstanding.push({ cid, opcode });
    if (qid === 0) this.#postEvent();
  }

  /** Posts the completion of a command in flight. */
  complete(qid: number, cid: number, reply: AdminReply = { status: 0, dw0: 0 }): void {
    const queue = this.queues.get(qid);
    const index = queue?.outstanding.findIndex((command) => command.cid === cid) ?? -1;
    if (queue === undefined || index < 0) {
      throw new RangeError(
        `Cannot complete command as it must be in flight: current value is qid ${qid} cid ${cid}`,
      );
    }
    queue.outstanding.splice(index, 1);
    queue.posted.push({ cid, sqhd: queue.sqHead, ...reply });
  }

  /** Completes all I/O in flight. Nobody needs to be looking. */
  completeIo(): void {
    for (const queue of this.queues.values()) {
      if (queue.qid === 0) continue;
      for (const { cid } of [...queue.outstanding]) this.complete(queue.qid, cid);
    }
  }

  /** Adds, resizes or (with 0 blocks) removes a namespace and says so to the driver. */
  changeNamespace(nsid: number, blocks: bigint): void {
    this.#setNamespace(nsid, blocks);
    this.#changed.add(nsid);
    this.#postEvent();
  }

  takeChangedNamespaces(): number[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    this.#eventReported = false;
    return changed;
  }

  inspect(): InspectNode {
    return {
      cc_en: this.#enabled,
      csts: this.csts,
      resets: this.#resets,
      queues: [...this.queues.values()].map(({ qid, sqPfn, cqPfn, entries, outstanding }) => ({
        qid,
        sq_pfn: sqPfn === null ? null : `${sqPfn}`,
        cq_pfn: `${cqPfn}`,
        entries,
        outstanding: outstanding.map(({ cid }) => cid),
      })),
    };
  }

  #setNamespace(nsid: number, blocks: bigint): void {
    if (blocks === 0n) this.namespaces.delete(nsid);
    else this.namespaces.set(nsid, { nsid, blocks, identify: identifyNamespace(blocks) });
  }

  /** Answers the oldest asynchronous event request: notice, namespace attribute changed. */
  #postEvent(): void {
    if (this.#changed.size === 0 || this.#eventReported) return;
    const request = this.queues
      .get(0)
      ?.outstanding.find(({ opcode }) => opcode === ADMIN_OPCODE.ASYNCHRONOUS_EVENT_REQUEST);
    if (request === undefined) return;
    this.#eventReported = true;
    this.complete(0, request.cid, { status: 0, dw0: NAMESPACE_CHANGED });
  }

  #forget(): void {
    this.#resets += 1;
    this.#enabled = false;
    this.queues.clear();
    this.takeChangedNamespaces();
  }
}

/** Dword 0 of the event: type notice (2), information 0, log page changed namespace list (4). */
const NAMESPACE_CHANGED = 0x04_00_02;
