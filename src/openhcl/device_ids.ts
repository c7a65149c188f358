/**
 * Other identifiers for the devices of a set: in another order, at the end of their range, or of
 * another kind of controller. What a machine does must not depend on them, except where a release
 * treats a kind of device in its own way.
 *
 * Source: facts/anchors/features.md, section 4, B8; microsoft/openvmm, pull requests 3415, 3438 and
 * 3460 (a gate by device), 3811 and 4005 (fused keepalive devices); openhcl/underhill_core,
 * dispatch/vtl2_settings_worker.rs, `vpci_path` (what a PCI id is made of).
 *
 * @module
 */
import { type ControllerConfig, NSID_MAX } from "../nvme/mod.ts";
import type { Guid } from "../openhcl_state/mod.ts";
import type { ChannelConfig, DeviceSet, NicConfig } from "./device_set.ts";

export type DeviceIds = "usual" | "reversed" | "wide" | "fused" | "unreadable";

/** Vendor and device of a fused keepalive device. */
const FUSED = { vendorId: 0x1414, deviceId: 0xb111 } as const;

/** The first part of the last PCI id, which counts down from there. */
const DOMAIN_MAX = 0xffff;

/** Plans and channels are known by the set that they belong to, so there is one of each kind. */
const renamed = new WeakMap<DeviceSet, Map<DeviceIds, DeviceSet>>();

/** `set` with other identifiers. The same object for the same ones. */
export function withIds(set: DeviceSet, ids: DeviceIds): DeviceSet {
  if (ids === "usual") return set;
  const known = renamed.get(set) ?? new Map<DeviceIds, DeviceSet>();
  renamed.set(set, known);
  const found = known.get(ids) ?? RENAME[ids](set);
  known.set(ids, found);
  return found;
}

const RENAME: Readonly<Record<Exclude<DeviceIds, "usual">, (set: DeviceSet) => DeviceSet>> = {
  reversed,
  wide,
  fused: (set) => ({ ...set, nvme: changeLast(set.nvme, FUSED) }),
  unreadable: (set) => ({ ...set, nvme: changeLast(set.nvme, { idsReadable: false }) }),
};

function changeLast(
  controllers: readonly ControllerConfig[],
  change: Partial<ControllerConfig>,
): ControllerConfig[] {
  const last = controllers.length - 1;
  return controllers.map((config, at) => (at === last ? { ...config, ...change } : config));
}

/** Whoever came first has the highest identifier. */
function reversed(set: DeviceSet): DeviceSet {
  const pciIds = set.nvme.map(({ pciId }) => pciId).toReversed();
  return {
    ...set,
    nvme: set.nvme.map((config, at) => ({ ...config, pciId: pciIds[at] ?? config.pciId })),
    nicArrivals: set.nicArrivals.toReversed(),
    scsi: inReverse(set.scsi),
    net: inReverse(set.net),
    relayed: set.relayed === null ? null : inReverse(set.relayed),
  };
}

function inReverse(channels: readonly ChannelConfig[]): ChannelConfig[] {
  const ids = channels.map(({ offer }) => offer.key.instance_id).toReversed();
  return channels.map((config, at) => withInstance(config, ids[at] ?? ids[0]));
}

/** Every identifier as large as it can be. */
function wide(set: DeviceSet): DeviceSet {
  const lastPciId = (from: number) => (at: number) => `${(from - at).toString(16)}:00:00.0`;
  const controllers = lastPciId(DOMAIN_MAX);
  const nicIds = set.nics.map((_, at) => lastPciId(DOMAIN_MAX - set.nvme.length)(at)).toSorted();
  const number = new Map(set.nics.map(({ pciId }, at) => [pciId, nicIds[at] ?? pciId]));
  const widen = (config: ChannelConfig) => withInstance(config, widest(config));
  return {
    ...set,
    nvme: set.nvme.map((config, at) => ({
      ...config,
      pciId: controllers(at),
      namespaces: config.namespaces.map((one, place) => ({ ...one, nsid: NSID_MAX - place })),
    })),
    nics: set.nics.map((nic): NicConfig => ({ ...nic, pciId: number.get(nic.pciId) ?? nic.pciId })),
    nicArrivals: set.nicArrivals.map((pciId) => number.get(pciId) ?? pciId),
    scsi: set.scsi.map(widen),
    net: set.net.map(widen),
    relayed: set.relayed?.map(widen) ?? null,
  };
}

/** All ones, but for the octet that tells channels apart. */
function widest({ offer }: ChannelConfig): Guid {
  const data4 = new Uint8Array(8).fill(0xff);
  data4[7] = offer.key.instance_id.data4[7] ?? 0xff;
  return { data1: 0xffff_ffff, data2: 0xffff, data3: 0xffff, data4 };
}

function withInstance(config: ChannelConfig, instance_id: Guid | undefined): ChannelConfig {
  if (instance_id === undefined) return config;
  const { offer } = config;
  return { ...config, offer: { ...offer, key: { ...offer.key, instance_id } } };
}
