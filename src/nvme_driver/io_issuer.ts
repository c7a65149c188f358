/**
 * Turns requests into commands of a queue: with pointers to the guest's pages or, where the device
 * cannot reach those, to pages of the queue that data is bounced through. Source:
 * microsoft/openvmm, nvme_driver queue_pair.rs `issue_external`, `issue_in`, `issue_neither`.
 *
 * @module
 */
import { putAddress, putU32 } from "../bytes/write_little_endian.ts";
import { type GuestMemory, PAGE_SIZE } from "../memory/mod.ts";
import { BLOCK_SIZE, type Completion, NVM_OPCODE, nvmCommand } from "../nvme/mod.ts";
import type { DriverContext } from "./driver_context.ts";
import type {
  DeallocateRequest,
  Done,
  IoOutcome,
  IoRequest,
  TransferRequest,
} from "./io_request.ts";
import { UNUSED_PRP, withPointer } from "./prp.ts";
import type { QueuePair } from "./queue_pair.ts";
import { nvmeError, tooLarge } from "./request_error.ts";

/** Ranges of one dataset management command, and the octets of each. */
const DSM_RANGES_MAX = 256;
const DSM_RANGE_SIZE = 16;
/** CDW11 of dataset management: deallocate. */
const DSM_DEALLOCATE = 0x4;

const NO_POINTER = { prp1: UNUSED_PRP, prp2: UNUSED_PRP };
const SUCCESS: IoOutcome = { status: 0, error: null };

/** Sends `request` on `pair`. */
export function issueIo(
  context: DriverContext,
  pair: QueuePair,
  request: IoRequest,
  done: Done,
): void {
  const { memory, bounced } = context;
  if (request.opcode === "FLUSH") {
    const command = nvmCommand("FLUSH", request.nsid, NO_POINTER);
    pair.send(command, (completion) => done(outcomeOf(completion)));
  } else if (request.opcode === "DSM") {
    deallocate(memory, pair, request, done);
  } else if (bounced) {
    bounce(memory, pair, request, done);
  } else {
    transfer(memory, pair, request, done);
  }
}

/** A read or a write straight from or to the pages of `request`. */
function transfer(
  memory: GuestMemory,
  pair: QueuePair,
  request: TransferRequest,
  done: Done,
): void {
  const { opcode, nsid, lba, blocks, pfns, offset } = request;
  const pages = Math.ceil((offset + blocks * BLOCK_SIZE) / PAGE_SIZE);
  const used = pages === pfns.length ? pfns : pfns.slice(0, pages);
  withPointer(pair, memory, used, offset, ({ prp1, prp2, list }) => {
    const command = {
      opcode: NVM_OPCODE[opcode],
      nsid,
      prp1,
      prp2,
      cdw10: lba % 2 ** 32,
      cdw11: Math.floor(lba / 2 ** 32),
      cdw12: blocks - 1,
      cdw13: 0,
    };
    pair.send(command, (completion) => {
      if (list.length > 0) pair.pages.free(list);
      done(outcomeOf(completion));
    });
  });
}

/** A read or a write by way of pages of the queue, which the device can reach. */
function bounce(memory: GuestMemory, pair: QueuePair, request: TransferRequest, done: Done): void {
  const length = request.blocks * BLOCK_SIZE;
  const fits = pair.pages.alloc(Math.ceil(length / PAGE_SIZE), (pfns) => {
    const buffer = { pfns, offset: 0 };
    if (request.opcode === "WRITE") copy(memory, request, buffer, length);
    transfer(memory, pair, { ...request, ...buffer }, (outcome) => {
      if (request.opcode === "READ" && outcome.status === 0) copy(memory, buffer, request, length);
      pair.pages.free(pfns);
      done(outcome);
    });
  });
  if (!fits) done({ status: null, error: tooLarge() });
}

/** Ranges behind the largest number that a command can have are left out, as upstream does. */
function deallocate(
  memory: GuestMemory,
  pair: QueuePair,
  { nsid, ranges }: DeallocateRequest,
  done: Done,
): void {
  const sent = ranges.slice(0, DSM_RANGES_MAX);
  pair.pages.alloc(1, (pfns) => {
    const page = pfns[0] ?? 0;
    const octets = memory.writable(page);
    for (const [index, { lba, blocks }] of sent.entries()) {
      putU32(octets, index * DSM_RANGE_SIZE, 0);
      putU32(octets, index * DSM_RANGE_SIZE + 4, blocks);
      putAddress(octets, index * DSM_RANGE_SIZE + 8, lba);
    }
    const command = nvmCommand("DSM", nsid, {
      prp1: page * PAGE_SIZE,
      prp2: UNUSED_PRP,
      cdw10: sent.length - 1,
      cdw11: DSM_DEALLOCATE,
    });
    pair.send(command, (completion) => {
      pair.pages.free(pfns);
      done(outcomeOf(completion));
    });
  });
}

/** Pages, and where data starts in the first of them. */
interface Buffer {
  readonly pfns: readonly number[];
  readonly offset: number;
}

function copy(memory: GuestMemory, from: Buffer, to: Buffer, length: number): void {
  for (let done = 0; done < length; ) {
    const source = placeOf(from, done);
    const target = placeOf(to, done);
    const part = Math.min(length - done, source.left, target.left);
    memory.write(target.address, memory.read(source.address, part));
    done += part;
  }
}

/** Address of the octet at `index`, and octets from there to the end of its page. */
function placeOf({ pfns, offset }: Buffer, index: number) {
  const at = offset + index;
  const inPage = at % PAGE_SIZE;
  const pfn = pfns[(at - inPage) / PAGE_SIZE] ?? 0;
  return { address: pfn * PAGE_SIZE + inPage, left: PAGE_SIZE - inPage };
}

function outcomeOf({ status }: Completion): IoOutcome {
  return status === 0 ? SUCCESS : { status, error: nvmeError(status) };
}
