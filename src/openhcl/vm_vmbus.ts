/**
 * VMBus of a VM: the server for the guest with OpenHCL's own devices on it, and with a relay the
 * client and what it passes on.
 *
 * Source: openhcl/underhill_core/src/worker.rs (VMBus).
 *
 * @module
 */
import type { Environment } from "../machine/mod.ts";
import type { NvmeManager } from "../nvme_driver/mod.ts";
import { type VmbusClientSavedState, VmbusServerSavedState } from "../openhcl_state/mod.ts";
import { StorvspController } from "../storvsp/mod.ts";
import { RingDevice, VmbusClient, VmbusRelay, VmbusServer } from "../vmbus/mod.ts";
import { blobsOf } from "./blob.ts";
import { newContent } from "./common_content.ts";
import type { ChannelConfig } from "./device_set.ts";
import { VP_COUNT } from "./guest_content.ts";
import type { Host } from "./host.ts";
import { scsiDisks } from "./nvme_disk.ts";
import type { Release } from "./release.ts";
import type { StateUnit } from "./state_units.ts";

export interface VmVmbus {
  readonly server: VmbusServer;
  readonly client: VmbusClient | null;
  readonly relay: VmbusRelay | null;
  /** What is behind the channels that OpenHCL itself offers. */
  readonly devices: ReadonlyMap<ChannelConfig, RingDevice>;
  /** The controllers among them, by the same configuration. */
  readonly storage: ReadonlyMap<ChannelConfig, StorvspController>;
}

/** What a boot knows when it makes the buses. */
interface BusBoot {
  readonly release: Release;
  readonly host: Host;
  readonly env: Environment;
  /** What the command line sets. */
  readonly options: ReadonlyMap<string, string>;
}

/** The buses of `host`, with every offer of OpenHCL made and nobody connected yet. */
export function newVmbus(
  { release, host, env, options }: BusBoot,
  nvme: NvmeManager | null,
): VmVmbus {
  const { deviceSet, bus, guest } = host;
  const memory = host.memory.content;
  const { log, points, clock, blackout } = env;
  const cap = options.get("OPENHCL_VMBUS_MAX_VERSION");
  const versionMax = cap === undefined ? null : Number(cap);
  const server = new VmbusServer({ ...release.vmbusServer, versionMax }, { log, points, memory });
  server.attach(guest);
  guest.attach(server);
  const devices = new Map<ChannelConfig, RingDevice>();
  const storage = new Map<ChannelConfig, StorvspController>();
  for (const config of deviceSet.scsi) {
    const disks = scsiDisks(config.disks, nvme);
    const parts = { memory, server, offer: config.offer, disks };
    const controller = new StorvspController({ ...parts, subchannelsMax: VP_COUNT - 1 });
    storage.set(config, controller);
    devices.set(config, controller.primary);
  }
  for (const config of deviceSet.net) {
    const device = new RingDevice(memory);
    device.offeredAs(server.offer(config.offer, device));
    devices.set(config, device);
  }
  if (bus === null) return { server, client: null, relay: null, devices, storage };
  const waitUntil = (done: () => boolean) =>
    blackout.within("drain", () => clock.advanceUntil(done));
  const client = new VmbusClient(release.vmbusClient, { log, points, waitUntil });
  bus.attach(client);
  const relay = new VmbusRelay(client, server, { log, points, waitUntil });
  return { server, client, relay, devices, storage };
}

/** OpenHCL connects to the host's bus, whose channels are then passed on. */
export function connectClient({ client }: Pick<VmVmbus, "client">): void {
  client?.connect({ targetMessageVp: 0, monitorPages: null });
}

/**
 * Takes over the client beside the units, where a release does so. A client that was not
 * connected connects now, as at every boot.
 */
export function restoreVmbusClient(vmbus: VmVmbus, saved: VmbusClientSavedState | null): void {
  const connected = saved !== null && vmbus.client?.restore(saved) === true;
  if (connected) vmbus.relay?.offerAll();
  else connectClient(vmbus);
}

const serverContent = newContent(VmbusServerSavedState);

/** The server as a state unit. */
export function vmbusUnit(release: string, server: VmbusServer): StateUnit {
  const blobs = blobsOf(VmbusServerSavedState, release);
  return {
    name: "vmbus",
    dependencies: [],
    start: () => server.start(),
    stop: () => server.stop(),
    save: () => blobs.pack(server.save()),
    restore: (blob) => server.restore(blobs.unpack(blob)),
    postRestore() {},
    content: () => serverContent(inOrder(server.save())),
  };
}

/**
 * Channels in the order of their ids, by which a guest knows them. A server lists them in the order
 * in which they were offered to it, and a restore puts those last that nobody offers any more.
 */
function inOrder(saved: VmbusServerSavedState): VmbusServerSavedState {
  const { server } = saved;
  if (server.state === null) return saved;
  const { channels } = server.state;
  const ids = channels.map(({ channel_id }) => channel_id);
  if (ids.every((id, at) => at === 0 || (ids[at - 1] as number) < id)) return saved;
  const sorted = channels.toSorted((a, b) => a.channel_id - b.channel_id);
  return { ...saved, server: { ...server, state: { ...server.state, channels: sorted } } };
}
