/**
 * VMBus of a VM: the server for the guest, and with a relay the client and what it passes on.
 *
 * Source: openhcl/underhill_core/src/worker.rs (VMBus); facts/openhcl/semantics.md, VMBus.
 *
 * @module
 */
import type { Environment } from "../machine/mod.ts";
import {
  type Connection,
  type OpenRequest,
  type VmbusClientSavedState,
  type VmbusServerGpadl,
  VmbusServerSavedState,
} from "../openhcl_state/mod.ts";
import { FEATURE, guid, VERSION, VmbusClient, VmbusRelay, VmbusServer } from "../vmbus/mod.ts";
import { blobsOf } from "./blob.ts";
import { commonContent } from "./common_content.ts";
import type { ChannelConfig, DeviceSet } from "./device_set.ts";
import type { Release } from "./release.ts";
import type { StateUnit } from "./state_units.ts";

/** Features of a guest that every release supports. */
const GUEST_FEATURES =
  FEATURE.guestSpecifiedSignalParameters |
  FEATURE.channelInterruptRedirection |
  FEATURE.modifyConnection;

const GUEST_VERSION = { version: VERSION.iron, feature_flags: GUEST_FEATURES };

const CONNECTED: Connection = {
  variant: "Connected",
  value: {
    version: GUEST_VERSION,
    offers_sent: true,
    interrupt_page: null,
    monitor_page: { parent_to_child: 0x7fe0_0000n, child_to_parent: 0x7fe0_1000n },
    target_message_vp: 2,
    modifying: false,
    client_id: guid("83192c2a-1d3b-4a5a-8a3c-7b2d0f5ea601"),
    trusted: false,
    paused: false,
  },
};

/** A message of the host that the guest has not taken: an offer of channel 31, cut short. */
const UNDELIVERED = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 31, 0, 0, 0);

export interface VmVmbus {
  readonly server: VmbusServer;
  readonly client: VmbusClient | null;
  readonly relay: VmbusRelay | null;
}

/** The buses of `devices`, with every offer made and nobody connected yet. */
export function newVmbus(release: Release, devices: DeviceSet, env: Environment): VmVmbus {
  const server = new VmbusServer(release.vmbusServer, env.log);
  for (const { offer } of [...devices.scsi, ...devices.net]) server.offer(offer, null);
  if (devices.relayed === null) return { server, client: null, relay: null };
  const client = new VmbusClient(release.vmbusClient);
  return { server, client, relay: new VmbusRelay(client, server, env.log) };
}

/** A guest connects and opens its channels, after a fresh boot. */
export function connectGuest({ server, client, relay }: VmVmbus, devices: DeviceSet): void {
  server.connect(CONNECTED);
  for (const config of [...devices.scsi, ...devices.net]) openChannel(server, config);
  if (client === null || relay === null) return;
  connectClient({ client, relay }, devices);
  for (const config of devices.relayed ?? []) {
    openChannel(server, config);
    const { offer, opened } = config;
    if (opened !== null) relay.open(offer.channel_id, offer.channel_id + 0x40, opened);
  }
}

/** The guest has not emptied its message slot, so that the next message has to wait. */
export function holdMessage({ server }: VmVmbus): void {
  server.queue(UNDELIVERED);
}

/** OpenHCL connects to the host's bus and passes on what is offered there. */
function connectClient(
  { client, relay }: Pick<VmVmbus, "client" | "relay">,
  { relayed }: DeviceSet,
): void {
  const offers = (relayed ?? []).map(({ offer }) => offer);
  client?.connect(GUEST_VERSION.version, GUEST_VERSION.feature_flags, offers);
  relay?.offerAll();
}

/**
 * Takes over the client beside the units, where a release does so. A client that was not
 * connected connects now, as at every boot.
 */
export function restoreVmbusClient(
  vmbus: VmVmbus,
  devices: DeviceSet,
  saved: VmbusClientSavedState | null,
): void {
  const connected = saved !== null && vmbus.client?.restore(saved) === true;
  if (connected) vmbus.relay?.offerAll();
  else connectClient(vmbus, devices);
}

const serverContent = commonContent(VmbusServerSavedState);

/** The server as a state unit. */
export function vmbusUnit(release: string, server: VmbusServer): StateUnit {
  const blobs = blobsOf(VmbusServerSavedState, release);
  let restored = false;
  return {
    name: "vmbus",
    dependencies: [],
    save: () => blobs.pack(server.save()),
    restore(blob) {
      server.restore(blobs.unpack(blob));
      restored = true;
    },
    postRestore() {
      if (restored) server.postRestore();
    },
    content: () => serverContent(server.save()),
  };
}

function openChannel(server: VmbusServer, { offer, opened }: ChannelConfig): void {
  if (opened === null) return;
  const channelId = offer.channel_id;
  const key = server.offer(offer, null);
  server.open(
    key,
    openRequest(channelId, opened[0] ?? 0),
    opened.map((id) => gpadl(id, channelId)),
  );
}

const USER_DATA = new Uint8Array(120);

function openRequest(channelId: number, ringGpadl: number): OpenRequest {
  return {
    open_id: channelId,
    ring_buffer_gpadl_id: { 0: ringGpadl },
    target_vp: 1,
    downstream_ring_buffer_page_offset: 4,
    user_data: USER_DATA,
    guest_specified_interrupt_info: null,
    flags: 0,
  };
}

/** One range of two pages: octets and offset, then page frames. */
function gpadl(id: number, channelId: number): VmbusServerGpadl {
  const buf = [0x2000n, BigInt(id) * 0x10n, BigInt(id) * 0x10n + 1n];
  const state = { variant: "Accepted", value: {} } as const;
  return { id, channel_id: channelId, count: 1, buf, state };
}
