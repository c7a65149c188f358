/**
 * An NVMe controller for a state that was captured elsewhere: in operation, with the queues and
 * commands that the driver has saved, and with memory that fits them.
 *
 * Source: microsoft/openvmm, vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs
 * (`NvmeDriverSavedState`). What the state does not tell is made up: sizes of namespaces that were
 * not saved, their content, and that of the guest's memory.
 *
 * @module
 */
import { u16At } from "../bytes/read_little_endian.ts";
import { putAddress } from "../bytes/write_little_endian.ts";
import { GUEST, PAGE_SIZE, type PhysicalMemory } from "../memory/mod.ts";
import {
  BLOCK_SIZE,
  blocksOf,
  COMPLETION_SIZE,
  type Command,
  cidOf,
  decodeCommand,
  encodeCompletion,
  NVM_OPCODE,
  NvmeController,
  type OperatingQueue,
} from "../nvme/mod.ts";
import { blockPages, LAYOUT_66, LAYOUT_69 } from "../nvme_driver/mod.ts";
import type { NvmeSavedDiskConfig, QueuePairSavedState } from "../openhcl_state/mod.ts";
import type { Host } from "./host.ts";

/** Blocks of a namespace whose size the state does not tell. */
const BLOCKS_UNKNOWN = 0x1_0000n;

/** Any memory of the guest is below this page frame. */
const PFN_MAX = 2 ** 36;

export function capturedController(
  { clock, memory }: Host,
  { pci_id: pciId, driver_state }: NvmeSavedDiskConfig,
): NvmeController {
  const { worker_data, identify_ctrl } = driver_state;
  const controller = new NvmeController({
    pciId,
    namespaces: namespacesOf(driver_state),
    vendorId: u16At(identify_ctrl, 0),
    ioQueuesMax: Math.max(worker_data.max_io_queues, worker_data.io.length),
    clock,
    memory,
  });
  if (worker_data.admin === null) return controller;
  const pairs = [{ queue_data: worker_data.admin, iv: 0 }, ...worker_data.io];
  for (const { queue_data } of pairs) {
    const pages = Number(queue_data.mem_len) / PAGE_SIZE;
    memory.keep(queue_data.base_pfn, pages, `nvme_${pciId}`);
  }
  const queues = pairs.map(({ queue_data, iv }) => operatingQueue(queue_data, iv));
  for (const queue of queues) {
    layCompletions(memory, queue);
    if (queue.qid === 0) continue;
    for (const { command } of queue.inFlight) layBuffer(memory, command);
  }
  controller.operate(queues);
  return controller;
}

/** The namespaces that were saved, and those that commands in flight name besides. */
function namespacesOf({ namespaces, worker_data }: NvmeSavedDiskConfig["driver_state"]) {
  const sizes = new Map<number, bigint>();
  for (const { queue_data } of worker_data.io) {
    for (const { command } of queue_data.handler_data.pending_cmds.commands) {
      sizes.set(decodeCommand(command).nsid, BLOCKS_UNKNOWN);
    }
  }
  for (const { nsid, identify_ns } of namespaces) {
    const blocks = blocksOf(identify_ns);
    sizes.set(nsid, blocks === 0n ? BLOCKS_UNKNOWN : blocks);
  }
  return [...sizes].map(([nsid, blocks]) => ({ nsid, blocks }));
}

/** A queue pair as the device has it; the length of its block tells which driver has cut it. */
function operatingQueue(saved: QueuePairSavedState, vector: number): OperatingQueue {
  const { mem_len, base_pfn, qid, sq_entries, cq_entries, handler_data } = saved;
  const { sq_state, cq_state, pending_cmds } = handler_data;
  const old = mem_len === BigInt(blockPages(LAYOUT_66, false) * PAGE_SIZE);
  const { sqPages } = old ? LAYOUT_66 : LAYOUT_69;
  return {
    qid,
    sq: { pfn: Number(base_pfn), entries: sq_entries },
    cq: { pfn: Number(base_pfn) + sqPages, entries: cq_entries },
    sqHead: sq_state.committed_tail,
    cqTail: cq_state.head,
    phase: cq_state.phase,
    vector,
    inFlight: pending_cmds.commands.map(({ command }) => ({
      cid: cidOf(command),
      command: decodeCommand(command),
    })),
  };
}

/** What stands from the head on was written in the pass before, with the other phase tag. */
function layCompletions({ content }: PhysicalMemory, { cq, cqTail, phase }: OperatingQueue): void {
  if (phase) return;
  const old = { dw0: 0, sqhd: 0, sqid: 0, cid: 0, status: 0 };
  for (let index = cqTail; index < cq.entries; index++) {
    const at = index * COMPLETION_SIZE;
    const page = content.writable(cq.pfn + Math.floor(at / PAGE_SIZE));
    encodeCompletion(old, true, page, at % PAGE_SIZE);
  }
}

/** Pages of the guest for the data of a command; a list of them, too, in pages that follow. */
function layBuffer({ content, owners }: PhysicalMemory, command: Command): void {
  const { opcode, prp1, prp2, cdw12 } = command;
  if (opcode !== NVM_OPCODE.READ && opcode !== NVM_OPCODE.WRITE) return;
  const first = Math.floor(prp1 / PAGE_SIZE);
  const second = Math.floor(prp2 / PAGE_SIZE);
  const pages = Math.ceil(((prp1 % PAGE_SIZE) + ((cdw12 & 0xffff) + 1) * BLOCK_SIZE) / PAGE_SIZE);
  if (first >= PFN_MAX) return;
  owners.lend(first, 1, GUEST, true);
  if (pages === 1 || second >= PFN_MAX) return;
  if (pages === 2) {
    owners.lend(second, 1, GUEST, true);
    return;
  }
  owners.lend(first, pages, GUEST, true);
  const list = content.writable(second);
  for (let index = 1; index < pages; index++) {
    putAddress(list, (index - 1) * 8, (first + index) * PAGE_SIZE);
  }
}
