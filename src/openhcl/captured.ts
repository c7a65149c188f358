/**
 * Hardware for a state that was captured elsewhere: controllers, NICs, channels and a pool, as far
 * as the state tells of them, so that the state has something to attach to.
 *
 * Source: microsoft/openvmm, vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs,
 * vm/devices/net/mana_driver/src/save_restore.rs, vm/page_pool_alloc/src/lib.rs,
 * vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs. What the state does not tell is made
 * up.
 *
 * @module
 */
import { codecFor } from "../mesh/mod.ts";
import {
  type ManaDeviceSavedState,
  type SavedStateUnit,
  ServicingState,
  StorvspSavedState,
  type VmbusClientSavedState,
  type VmbusServerSavedState,
} from "../openhcl_state/mod.ts";
import { guid, guidText, offerParams, sameGuid } from "../vmbus/mod.ts";
import { blobsOf } from "./blob.ts";
import { adoptGuest, hostSideOf, offersOf, savedClient, savedServer } from "./captured_bus.ts";
import { capturedController } from "./captured_nvme.ts";
import { type ChannelConfig, type DeviceSet, type DiskConfig, INTERFACE } from "./device_set.ts";
import { Host } from "./host.ts";
import { RELAY_UNIT } from "./legacy_relay.ts";
import type { ChannelPositions } from "./mana_hardware.ts";
import { writePersistedInfo } from "./persisted_info.ts";
import { releaseNamed } from "./releases.ts";
import type { VmProperties } from "./vm_properties.ts";

const PAGE_OCTETS = 4_096n;

/** The longest time that a captured machine is believed to have been up: 31 years. */
const UPTIME_MAX_US = 1e15;

/** A host with the hardware of the state in `bytes`, which `release` has written. */
export function hostOfCaptured(vm: VmProperties, release: string, bytes: Uint8Array): Host {
  const state = codecFor(ServicingState, release).decode(bytes);
  const { init_state: init } = state;
  const server = savedServer(release, state.units);
  const client = savedClient(release, state);
  const host = new Host(vm, deviceSetOf(release, state, server, client));
  const hostSide = client === null ? null : hostSideOf(client, server);
  if (hostSide !== null) host.bus?.adopt(hostSide);
  adoptGuest(host.guest, server);
  const disks = init.nvme_state?.nvme_state.nvme_disks ?? [];
  host.adoptControllers(disks.map((disk) => capturedController(host, disk)));
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
    const writer = releaseNamed(release);
    host.adoptPool(ranges, writer.keepsPoolRanges);
    writePersistedInfo(writer, host, init.nvme_state ?? null);
  }
  // A machine that has been saved has been up for a while.
  host.clock.advance(Math.min(Number(init.vm_stop_reference_time / 10n), UPTIME_MAX_US));
  return host;
}

function deviceSetOf(
  release: string,
  { init_state, units }: ServicingState,
  server: VmbusServerSavedState | null,
  client: VmbusClientSavedState | null,
): DeviceSet {
  const channels = channelsOf(server, units);
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
    scsi: channels
      .filter(({ offer: { key } }) => sameGuid(key.interface_id, INTERFACE.scsi))
      .filter(({ offer: { key } }) => key.subchannel_index === 0)
      .map((channel) => ({ ...channel, subchannels: [], disks: disksOf(release, units, channel) })),
    net: channels.filter(({ offer }) => sameGuid(offer.key.interface_id, INTERFACE.net)),
    relayed: relayedOf(units, client),
    opaque: units,
  };
}

const NO_GUID = guid("00000000-0000-0000-0000-000000000000");

/** The guest is not known, so none of these is one that it is going to open. */
const NOT_PLANNED = { opened: null };

/** Channels of the saved server that belong to a unit of the saved list. */
function channelsOf(
  saved: VmbusServerSavedState | null,
  units: readonly SavedStateUnit[],
): ChannelConfig[] {
  const names = new Set(units.map(({ name }) => name.slice(name.indexOf(":") + 1)));
  return (saved?.server.state?.channels ?? [])
    .filter(({ key }) => names.has(guidText(key.instance_id)))
    .map(({ key }) => {
      const offer = { ...offerParams(key.interface_id, key.instance_id), key };
      return { offer, ...NOT_PLANNED };
    });
}

/** Disks of a controller that was saved; where their data is the state does not tell. */
function disksOf(
  release: string,
  units: readonly SavedStateUnit[],
  { offer }: ChannelConfig,
): DiskConfig[] {
  const name = `scsi:${guidText(offer.key.instance_id)}`;
  const unit = units.find((candidate) => candidate.name === name);
  if (unit === undefined) return [];
  const { drives } = blobsOf(StorvspSavedState, release).unpack(unit.state);
  return drives.map(({ path, state }) => ({
    lun: path.lun,
    blocks: state.variant === "Disk" ? state.value[0].sector_count : 0n,
    namespace: null,
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

function relayedOf(
  units: readonly SavedStateUnit[],
  client: VmbusClientSavedState | null,
): ChannelConfig[] | null {
  if (!units.some(({ name }) => name === RELAY_UNIT)) return null;
  const offers = client === null ? [] : offersOf(client);
  return offers.map((offer) => ({ offer, ...NOT_PLANNED }));
}
