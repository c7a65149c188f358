/**
 * Hardware for a state that was captured elsewhere: controllers, NICs, channels and a pool, as far
 * as the state tells of them, so that the state has something to attach to.
 *
 * Source: facts/openhcl/schemas.md (`nvme_driver`, `mana_driver`, `openvmm.pagepool`,
 * `vmbus.server.channels`). What the state does not tell is made up: sizes of namespaces that were
 * not saved, and the content of the guest's memory.
 *
 * @module
 */
import { codecFor } from "../mesh/mod.ts";
import { blockPages, LAYOUT_66, LAYOUT_69, NvmeController } from "../nvme/mod.ts";
import {
  type ManaDeviceSavedState,
  type NvmeSavedDiskConfig,
  type QueuePairSavedState,
  type SavedStateUnit,
  ServicingState,
  VmbusServerSavedState,
} from "../openhcl_state/mod.ts";
import { guid, guidText, offerOf } from "../vmbus/mod.ts";
import { blobsOf } from "./blob.ts";
import { type ChannelConfig, type DeviceSet, INTERFACE } from "./device_set.ts";
import { Host, type VmProperties } from "./host.ts";
import { RELAY_UNIT } from "./legacy_relay.ts";
import type { ChannelPositions } from "./mana_hardware.ts";
import { releaseNamed } from "./releases.ts";

const PAGE_OCTETS = 4_096n;

/** The longest time that a captured machine is believed to have been up: 31 years. */
const UPTIME_MAX_US = 1e15;

/** Blocks of a namespace whose size the state does not tell. */
const BLOCKS_UNKNOWN = 0x1_0000n;

/** A host with the hardware of the state in `bytes`, which `release` has written. */
export function hostOfCaptured(vm: VmProperties, release: string, bytes: Uint8Array): Host {
  const state = codecFor(ServicingState, release).decode(bytes);
  const { init_state: init } = state;
  const host = new Host(vm, deviceSetOf(release, state));
  const disks = init.nvme_state?.nvme_state.nvme_disks ?? [];
  host.adoptControllers(disks.map(controllerOf));
  for (const { pci_id, mana_device } of init.mana_state ?? []) {
    host.nics.find(({ pciId }) => pciId === pci_id)?.adopt(positionsOf(mana_device));
  }
  if (init.vmgs != null) host.vmgsDisk.adopt(init.vmgs[0]);
  const pool = init.dma_manager_state?.private_pool?.ranges ?? [];
  if (pool.length > 0) {
    const ranges = pool.map(({ start, end }) => ({
      pfn: start / PAGE_OCTETS,
      pages: (end - start) / PAGE_OCTETS,
    }));
    host.adoptPool(ranges, releaseNamed(release).keepsPoolRanges);
  }
  // A machine that has been saved has been up for a while.
  host.clock.advance(Math.min(Number(init.vm_stop_reference_time / 10n), UPTIME_MAX_US));
  return host;
}

function deviceSetOf(release: string, { init_state, units }: ServicingState): DeviceSet {
  const channels = channelsOf(release, units);
  const nics = (init_state.mana_state ?? []).map(({ pci_id: pciId }, index) => ({
    pciId,
    instanceId: init_state.emuplat.netvsp_state[index]?.instance_id ?? NO_GUID,
    macAddress: init_state.emuplat.network_adapter_index?.[index]?.mac_address ?? Uint8Array.of(),
  }));
  return {
    name: "captured",
    firmware: init_state.firmware_type.variant === "Pcat" ? "Pcat" : "Uefi",
    nvme: [],
    nics,
    nicArrivals: nics.map(({ pciId }) => pciId),
    scsi: channels.filter(({ offer }) => guidText(offer.interface_id) === INTERFACE_TEXT.scsi),
    net: channels.filter(({ offer }) => guidText(offer.interface_id) === INTERFACE_TEXT.net),
    relayed: units.some(({ name }) => name === RELAY_UNIT) ? [] : null,
    opaque: units,
  };
}

const NO_GUID = guid("00000000-0000-0000-0000-000000000000");
const INTERFACE_TEXT = { scsi: guidText(INTERFACE.scsi), net: guidText(INTERFACE.net) };

/** Channels of the saved server that belong to a unit of the saved list. */
function channelsOf(release: string, units: readonly SavedStateUnit[]): ChannelConfig[] {
  const vmbus = units.find(({ name }) => name === "vmbus");
  if (vmbus === undefined) return [];
  const { server } = blobsOf(VmbusServerSavedState, release).unpack(vmbus.state);
  const names = new Set(units.map(({ name }) => name.slice(name.indexOf(":") + 1)));
  return (server.state?.channels ?? [])
    .filter(({ key }) => names.has(guidText(key.instance_id)))
    .map(({ key, channel_id, state }) => ({
      offer: { ...offerOf(channel_id, key.interface_id, key.instance_id), ...key },
      opened: state.variant === "Open" ? [] : null,
    }));
}

function positionsOf({ gdma }: ManaDeviceSavedState): ChannelPositions {
  return {
    basePfn: gdma.mem.base_pfn,
    eventNext: gdma.eq.next,
    completionNext: gdma.cq.next,
    sendTail: gdma.sq.tail,
    receiveTail: gdma.rq.tail,
  };
}

/** A controller in operation, with the queues and commands that the driver has saved. */
function controllerOf({ pci_id: pciId, driver_state }: NvmeSavedDiskConfig): NvmeController {
  const { namespaces, worker_data, identify_ctrl } = driver_state;
  const known = namespaces.map(({ nsid, identify_ns }) => ({ nsid, blocks: sizeOf(identify_ns) }));
  const used = worker_data.io.flatMap(({ queue_data }) => nsidsOf(queue_data));
  const made = [...new Set(used)]
    .filter((nsid) => !known.some((namespace) => namespace.nsid === nsid))
    .map((nsid) => ({ nsid, blocks: BLOCKS_UNKNOWN }));
  const controller = new NvmeController({
    pciId,
    namespaces: [...known, ...made],
    vendorId: (identify_ctrl[0] ?? 0) | ((identify_ctrl[1] ?? 0) << 8),
    ioQueuesMax: Math.max(worker_data.max_io_queues, worker_data.io.length),
  });
  const { admin } = worker_data;
  if (admin === null) return controller;
  const { sqPfn, cqPfn } = placesOf(admin);
  controller.enable({ sqPfn, cqPfn, entries: admin.sq_entries });
  for (const queue of [admin, ...worker_data.io.map(({ queue_data }) => queue_data)]) {
    const { sq_state, pending_cmds } = queue.handler_data;
    controller.addQueue({
      qid: queue.qid,
      ...placesOf(queue),
      entries: queue.sq_entries,
      sqHead: sq_state.tail,
      outstanding: pending_cmds.commands.map(({ command }) => ({
        cid: (command[2] ?? 0) | ((command[3] ?? 0) << 8),
        opcode: command[0] ?? 0,
      })),
      posted: [],
    });
  }
  return controller;
}

/** Where the queues lie in their block: its length tells which driver has cut it. */
function placesOf({ mem_len, base_pfn }: QueuePairSavedState): { sqPfn: bigint; cqPfn: bigint } {
  const old = mem_len === BigInt(blockPages(LAYOUT_66, false)) * PAGE_OCTETS;
  const { sqPages } = old ? LAYOUT_66 : LAYOUT_69;
  return { sqPfn: base_pfn, cqPfn: base_pfn + BigInt(sqPages) };
}

/** NSZE, the first 8 octets of identify data, little endian. */
function sizeOf(identify: Uint8Array): bigint {
  let size = 0n;
  for (const octet of identify.subarray(0, 8).toReversed()) size = (size << 8n) | BigInt(octet);
  return size === 0n ? BLOCKS_UNKNOWN : size;
}

/** NSIDs, dword 1 of each pending command. */
function nsidsOf({ handler_data }: QueuePairSavedState): number[] {
  return handler_data.pending_cmds.commands.map(
    ({ command }) => (command[4] ?? 0) | ((command[5] ?? 0) << 8),
  );
}
