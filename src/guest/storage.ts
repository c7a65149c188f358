/**
 * The guest's storage driver: sends requests to disks on the channel of a processor, and tells its
 * ledger what became of them. Where the data of a request is in memory follows from its number, so
 * that nothing else has to be kept while it is outstanding.
 *
 * @module
 */
import { type GuestMemory, PAGE_SIZE } from "../memory/mod.ts";
import {
  encodeExternalData,
  SCSI_OPCODE,
  type ScsiRequest,
  UNMAP_LIST_SIZE,
  unmapList,
} from "../storvsp/mod.ts";
import { PACKET_TYPE, type Packet } from "../vmbus/mod.ts";
import { BLOCK_SIZE, fillBlock } from "./block_content.ts";
import type { GuestChannel } from "./driver_state.ts";
import { isGreeted } from "./greeting.ts";
import { type Io, type IoKind, Ledger } from "./ledger.ts";
import { writePacket } from "./ring_traffic.ts";
import { requestPacket, statusOfRequest } from "./storage_packets.ts";
import type { VmbusDriver } from "./vmbus_driver.ts";

/** What the guest asks of a disk. */
export interface StorageRequest {
  readonly kind: IoKind;
  /** Logical unit, by which the guest knows the disk. */
  readonly lun: number;
  readonly lba: number;
  readonly blocks: number;
  /** Processor that sends it. */
  readonly vp: number;
}

/** Buffers of requests: from 512 MiB on, of so many pages each, used in turn. */
const BUFFER_PFN = 0x2_0000;
const BUFFER_PAGES = 8;
const BUFFERS = 1_024;
/** Where data of more than one page starts in its first one, so that no page is whole. */
const OFFSET = 512;
/** Transactions of requests, behind those of greetings. */
const FIRST_ID = 2n ** 48n;
/** What is in a buffer before a read, so that a read that brings nothing is seen. */
const NOTHING_READ = 0xee;

const OPCODES: Readonly<Record<IoKind, number>> = {
  read: SCSI_OPCODE.READ,
  write: SCSI_OPCODE.WRITE,
  flush: SCSI_OPCODE.SYNCHRONIZE_CACHE,
  unmap: SCSI_OPCODE.UNMAP,
};

export class GuestStorage {
  readonly ledger: Ledger;
  readonly #driver: VmbusDriver;

  constructor(driver: VmbusDriver, ledger: Ledger = new Ledger()) {
    this.#driver = driver;
    this.ledger = ledger;
    driver.storage = this;
  }

  /** A copy for a copy of the driver. */
  fork(driver: VmbusDriver): GuestStorage {
    return new GuestStorage(driver, this.ledger.fork());
  }

  /** Whether requests can be sent. */
  get ready(): boolean {
    return this.#channelOf(0) !== null;
  }

  /** Sends a request. Null when there is no channel for it, or no room. */
  send({ kind, lun, lba, blocks, vp }: StorageRequest): Io | null {
    const channel = this.#channelOf(vp);
    if (channel === null) return null;
    const { state, memory } = this.#driver;
    const io = this.ledger.issue(kind, diskName(lun), lba, blocks, vp);
    const octets = transferOf(io);
    const pfns = buffer(io.id, pagesOf(octets));
    const offset = pfns.length > 1 ? OFFSET : 0;
    prepare(memory, io, pfns, offset);
    const signals = writePacket(state, memory, channel, {
      type: octets === 0 ? PACKET_TYPE.inBand : PACKET_TYPE.gpaDirect,
      transactionId: FIRST_ID + BigInt(io.id),
      completionRequested: true,
      extension: octets === 0 ? NO_EXTENSION : encodeExternalData(octets, offset, pfns),
      payload: requestPacket(scsiRequestOf(io, lun, octets)),
    });
    if (signals === null) {
      this.ledger.withdraw(io);
      return null;
    }
    if (signals) this.#driver.signal(channel);
    this.#driver.wake();
    return io;
  }

  /** Takes a completion. */
  completed({ transactionId, payload }: Packet): void {
    const id = Number(transactionId - FIRST_ID);
    const io = this.ledger.request(id);
    const status = statusOfRequest(payload);
    if (io?.kind !== "read" || status !== 0) {
      this.ledger.answer(id, { status });
      return;
    }
    const octets = transferOf(io);
    const pages = pagesOf(octets);
    const at = bufferPfn(id) * PAGE_SIZE + (pages > 1 ? OFFSET : 0);
    this.ledger.answer(id, { status, octets: this.#driver.memory.read(at, octets) });
  }

  /** The open channel of a processor, or the first one; null while there is none. */
  #channelOf(vp: number): GuestChannel | null {
    let first: GuestChannel | null = null;
    for (const channel of this.#driver.state.channels.values()) {
      const { planned, state, rescinded } = channel;
      if (planned?.use !== "storage" || state !== "open" || rescinded) continue;
      if (!isGreeted(channel)) return null;
      if (planned.vp === vp) return channel;
      if (planned.key.subchannel_index === 0) first = channel;
    }
    return first;
  }
}

const NO_EXTENSION = new Uint8Array();

/** How the ledger calls a disk. */
export function diskName(lun: number): string {
  return `lun ${lun}`;
}

function scsiRequestOf(
  { kind, lba, blocks }: Io,
  lun: number,
  transferLength: number,
): ScsiRequest {
  const opcode = OPCODES[kind];
  const dataIn = kind === "read";
  return { path: 0, target: 0, lun, opcode, dataIn, transferLength, lba, blocks, srbStatus: 0 };
}

/** Octets that a request moves. */
function transferOf({ kind, blocks }: Io): number {
  if (kind === "flush") return 0;
  return kind === "unmap" ? UNMAP_LIST_SIZE : blocks * BLOCK_SIZE;
}

function pagesOf(octets: number): number {
  return octets > PAGE_SIZE ? Math.ceil((octets + OFFSET) / PAGE_SIZE) : Math.min(octets, 1);
}

function bufferPfn(id: number): number {
  return BUFFER_PFN + (id % BUFFERS) * BUFFER_PAGES;
}

function buffer(id: number, pages: number): number[] {
  if (pages > BUFFER_PAGES) {
    throw new RangeError(
      `Cannot send request as it must have ${BUFFER_PAGES} pages or fewer: ` +
        `current value is ${pages}`,
    );
  }
  const pfn = bufferPfn(id);
  return Array.from({ length: pages }, (_, page) => pfn + page);
}

/** Lays what a request needs in memory. */
function prepare(
  memory: GuestMemory,
  { kind, id, lba, blocks }: Io,
  [pfn = 0]: readonly number[],
  offset: number,
): void {
  const at = pfn * PAGE_SIZE + offset;
  if (kind === "unmap") memory.write(at, unmapList(lba, blocks));
  if (kind !== "write" && kind !== "read") return;
  for (let index = 0; index < blocks; index++) {
    // No block reaches over the end of a page.
    const address = at + index * BLOCK_SIZE;
    const within = address % PAGE_SIZE;
    const page = memory.writable((address - within) / PAGE_SIZE);
    const block = page.subarray(within, within + BLOCK_SIZE);
    if (kind === "write") fillBlock(block, id, lba + index);
    else block.fill(NOTHING_READ);
  }
}
