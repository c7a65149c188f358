/**
 * One channel of storvsp: takes requests from the guest's ring, hands them to disks and sends their
 * completions back. Requests that are outstanding when the machine is saved go with it and are
 * issued again on the other side, whatever became of the first issue: the guest sees one answer.
 *
 * Source: microsoft/openvmm, vm/devices/storage/storvsp/src/lib.rs (`Worker`, `WorkerInner`).
 *
 * @module
 */
import type { ScsiRequestSavedState, WorkerSavedState } from "../openhcl_state/mod.ts";
import type { DiskRequest, GuestRange, ScsiDisk } from "./disk.ts";
import { encodePacket, NT_STATUS, OPERATION } from "./packet.ts";
import {
  decodeRequest,
  encodeRequest,
  SCSI_OPCODE,
  type ScsiRequest,
  SRB_STATUS,
} from "./scsi_request.ts";

/** A request out of the ring, as it is kept while it is outstanding. */
export interface StorvspRequest {
  readonly transactionId: bigint;
  /** One range: octets, offset, page frames. */
  readonly externalData: readonly bigint[];
  readonly request: Uint8Array;
}

/** Where a worker sends its answers. */
export interface CompletionPort {
  /** Puts a completion into the guest's ring and signals it. */
  complete(transactionId: bigint, packet: Uint8Array): void;
}

export class StorvspWorker {
  readonly #disks: ReadonlyMap<string, ScsiDisk>;
  readonly #port: CompletionPort;
  readonly #outstanding = new Map<bigint, StorvspRequest>();
  /** Answers that came while the worker was stopped. */
  readonly #kept: (() => void)[] = [];
  #running = true;

  /** `disks` by path, target and lun, joined by colons. */
  constructor(disks: ReadonlyMap<string, ScsiDisk>, port: CompletionPort) {
    this.#disks = disks;
    this.#port = port;
  }

  get outstanding(): number {
    return this.#outstanding.size;
  }

  stop(): void {
    this.#running = false;
  }

  start(): void {
    this.#running = true;
    for (const answer of this.#kept.splice(0)) answer();
  }

  /** Starts a request on processor `vp`. */
  execute(entry: StorvspRequest, vp: number): void {
    const request = decodeRequest(entry.request);
    if (request === null) {
      this.#answer(entry, null, NT_STATUS.INVALID_PARAMETER);
      return;
    }
    this.#outstanding.set(entry.transactionId, entry);
    const disk = this.#disks.get(`${request.path}:${request.target}:${request.lun}`);
    const asked = diskRequestOf(request, entry, vp);
    if (disk === undefined || asked === null) {
      this.#finish(entry, request, disk === undefined ? SRB_STATUS.INVALID_LUN : SRB_STATUS.ERROR);
      return;
    }
    disk.execute(asked, (status) => {
      const srbStatus = status === 0 ? SRB_STATUS.SUCCESS : SRB_STATUS.ERROR;
      const answer = () => this.#finish(entry, request, srbStatus);
      if (this.#running) answer();
      else this.#kept.push(answer);
    });
  }

  save(): WorkerSavedState {
    const saved = [...this.#outstanding.values()].map(
      ({ transactionId, externalData, request, ...rest }): ScsiRequestSavedState => {
        rest satisfies Record<string, never>;
        const external_data = { buf: [...externalData], count: 1n };
        return { transaction_id: transactionId, external_data, request };
      },
    );
    return { scsi_requests: saved };
  }

  /** Issues the saved requests again, on processor `vp`. */
  restore({ scsi_requests, ...rest }: WorkerSavedState, vp: number): void {
    rest satisfies Record<string, never>;
    for (const {
      transaction_id: transactionId,
      external_data,
      request,
      ...none
    } of scsi_requests) {
      none satisfies Record<string, never>;
      this.execute({ transactionId, externalData: external_data.buf, request }, vp);
    }
  }

  #finish(entry: StorvspRequest, request: ScsiRequest, srbStatus: number): void {
    this.#outstanding.delete(entry.transactionId);
    this.#answer(entry, { ...request, srbStatus }, NT_STATUS.SUCCESS);
  }

  #answer({ transactionId }: StorvspRequest, request: ScsiRequest | null, status: number): void {
    const payload = request === null ? new Uint8Array() : encodeRequest(request);
    const packet = encodePacket({ operation: OPERATION.COMPLETE_IO, status, payload });
    this.#port.complete(transactionId, packet);
  }
}

/** The request as a disk understands it; null for an opcode that no disk has. */
function diskRequestOf(
  request: ScsiRequest,
  { externalData }: StorvspRequest,
  vp: number,
): DiskRequest | null {
  const kind = kindOf(request);
  if (kind === null) return null;
  const { lba, blocks } = request;
  return { kind, lba, blocks, range: rangeOf(externalData), vp };
}

function kindOf({ opcode, unmaps }: ScsiRequest): DiskRequest["kind"] | null {
  switch (opcode) {
    case SCSI_OPCODE.READ:
      return "read";
    case SCSI_OPCODE.WRITE:
      return "write";
    case SCSI_OPCODE.SYNCHRONIZE_CACHE:
      return "flush";
    case SCSI_OPCODE.WRITE_SAME:
      return unmaps ? "unmap" : "write-zeroes";
    default:
      return null;
  }
}

function rangeOf([_octets, offset = 0n, ...pfns]: readonly bigint[]): GuestRange {
  return { offset: Number(offset), pfns: pfns.map(Number) };
}
