/**
 * Requests of one channel of storvsp: hands them to disks and sends their completions back.
 * Requests that are outstanding when the machine is saved go with it and are issued again on the
 * other side, whatever became of the first issue: the guest sees one answer. A request is
 * outstanding until its completion is in the ring.
 *
 * Source: microsoft/openvmm, vm/devices/storage/storvsp/src/lib.rs (`Worker`, `WorkerInner`) and
 * save_restore.rs.
 *
 * @module
 */
import { ChainError } from "../machine/mod.ts";
import type { GuestMemory } from "../memory/mod.ts";
import type {
  RangeSavedState,
  ScsiRequestSavedState,
  WorkerSavedState,
} from "../openhcl_state/mod.ts";
import type { ScsiDisk } from "./disk.ts";
import { diskRequestOf } from "./disk_request.ts";
import { rangeOf } from "./external_data.ts";
import { encodePacket, NT_STATUS, OPERATION } from "./packet.ts";
import {
  decodeRequest,
  encodeRequest,
  REQUEST_SIZE,
  SCSI_OPCODE,
  type ScsiRequest,
  SRB_STATUS,
} from "./scsi_request.ts";

/** A request out of the ring, as it is kept while it is outstanding. */
export interface StorvspRequest {
  readonly transactionId: bigint;
  readonly externalData: RangeSavedState;
  readonly request: Uint8Array;
}

/** What a worker is made of. */
export interface WorkerParts {
  readonly memory: GuestMemory;
  /** By path, target and lun, joined by colons. */
  readonly disks: ReadonlyMap<string, ScsiDisk>;
  /** Puts a completion into the guest's ring. False when there is no room for it now. */
  send(transactionId: bigint, packet: Uint8Array): boolean;
}

type Answer = (packet: Uint8Array) => void;

export class StorvspWorker {
  readonly #parts: WorkerParts;
  readonly #outstanding = new Set<StorvspRequest>();
  /** Completions that the ring has had no room for, or that came while the worker was stopped. */
  #unsent: { readonly entry: StorvspRequest; readonly packet: Uint8Array }[] = [];
  /** Requests out of the saved state, until the worker starts. */
  #restored: StorvspRequest[] = [];
  #running = true;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
  }

  get outstanding(): number {
    return this.#outstanding.size + this.#restored.length;
  }

  stop(): void {
    this.#running = false;
  }

  /** Goes on on processor `vp`, where what came out of the saved state is issued again. */
  start(vp: number): void {
    this.#running = true;
    this.sendAll();
    for (const entry of this.#restored.splice(0)) {
      this.#issue(entry, vp, (packet) => this.#complete(entry, packet));
    }
  }

  /** Sends what has waited, as far as there is room. */
  sendAll(): void {
    if (!this.#running) return;
    const waiting = this.#unsent;
    this.#unsent = [];
    for (const { entry, packet } of waiting) this.#complete(entry, packet);
  }

  /** Starts a request on processor `vp`. Answers the completion of one that is done at once. */
  execute(entry: StorvspRequest, vp: number): Uint8Array | null {
    let atOnce: Uint8Array | null = null;
    let inside = true;
    this.#issue(entry, vp, (packet) => {
      if (inside) {
        this.#outstanding.delete(entry);
        atOnce = packet;
      } else {
        this.#complete(entry, packet);
      }
    });
    inside = false;
    return atOnce;
  }

  /** The guest has closed the channel: nobody waits for anything any more. */
  close(): void {
    this.#outstanding.clear();
    this.#unsent = [];
    this.#restored = [];
  }

  save(): WorkerSavedState {
    const entries = [...this.#outstanding, ...this.#restored];
    const saved = entries.map(
      ({ transactionId, externalData, request, ...rest }): ScsiRequestSavedState => {
        rest satisfies Record<string, never>;
        return { transaction_id: transactionId, external_data: externalData, request };
      },
    );
    return { scsi_requests: saved };
  }

  /** Takes the saved requests over, to be issued again at the start. */
  restore({ scsi_requests, ...rest }: WorkerSavedState): void {
    rest satisfies Record<string, never>;
    this.#restored = scsi_requests.map(restoredRequest);
  }

  #issue(entry: StorvspRequest, vp: number, answer: Answer): void {
    const request = decodeRequest(entry.request);
    if (request === null) {
      answer(completionOf(null, NT_STATUS.INVALID_PARAMETER));
      return;
    }
    this.#outstanding.add(entry);
    const status = this.#hand(request, entry, vp, (srbStatus) =>
      answer(completionOf({ ...request, srbStatus }, NT_STATUS.SUCCESS)),
    );
    if (status !== null) answer(completionOf({ ...request, srbStatus: status }, NT_STATUS.SUCCESS));
  }

  /** Hands a request to its disk. Answers the status of one that needs none or has none. */
  #hand(
    request: ScsiRequest,
    { externalData }: StorvspRequest,
    vp: number,
    finish: (srbStatus: number) => void,
  ): number | null {
    const { path, target, lun, opcode } = request;
    const disk = this.#parts.disks.get(`${path}:${target}:${lun}`);
    if (disk === undefined) return SRB_STATUS.INVALID_LUN;
    if (opcode === SCSI_OPCODE.TEST_UNIT_READY) return SRB_STATUS.SUCCESS;
    const asked = diskRequestOf(request, externalData, this.#parts.memory, vp);
    if (asked === null) return SRB_STATUS.ERROR;
    disk.execute(asked, (status) => finish(status === 0 ? SRB_STATUS.SUCCESS : SRB_STATUS.ERROR));
    return null;
  }

  /** Sends an answer, unless the request has been dropped; keeps it while it cannot be sent. */
  #complete(entry: StorvspRequest, packet: Uint8Array): void {
    if (!this.#outstanding.has(entry)) return;
    if (this.#running && this.#parts.send(entry.transactionId, packet)) {
      this.#outstanding.delete(entry);
    } else {
      this.#unsent.push({ entry, packet });
    }
  }
}

/** A request that upstream would take back. */
function restoredRequest(saved: ScsiRequestSavedState): StorvspRequest {
  const { transaction_id: transactionId, external_data: externalData, request, ...rest } = saved;
  rest satisfies Record<string, never>;
  if (request.length > REQUEST_SIZE) throw new ChainError("scsi request is too large");
  const whole = new Uint8Array(REQUEST_SIZE);
  whole.set(request);
  rangeOf(externalData, decodeRequest(whole)?.transferLength ?? 0);
  return { transactionId, externalData, request };
}

function completionOf(request: ScsiRequest | null, status: number): Uint8Array {
  const payload = request === null ? new Uint8Array() : encodeRequest(request);
  return encodePacket({ operation: OPERATION.COMPLETE_IO, status, payload });
}
