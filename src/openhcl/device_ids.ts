/**
 * Other identifiers for the devices of a set: in another order, at the end of their range, or of
 * another kind of controller. What a machine does must not depend on them, except where a release
 * treats a kind of device in its own way.
 *
 * Source: microsoft/openvmm, pull requests 3415, 3438 and 3460 (a gate by device), 3811 and 4005
 * (fused keepalive devices); openhcl/underhill_core, dispatch/vtl2_settings_worker.rs, `vpci_path`
 * (what a PCI id is made of).
 *
 * @module
 */
import { type ControllerConfig, NSID_MAX } from "../nvme/mod.ts";
import type { Guid } from "../openhcl_state/mod.ts";
import type { ChannelConfig, DeviceSet, NicConfig, ScsiConfig } from "./device_set.ts";

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
  const nvme = set.nvme.map((config, at) => ({ ...config, pciId: pciIds[at] ?? config.pciId }));
  return {
    ...set,
    nvme,
    nicArrivals: set.nicArrivals.toReversed(),
    scsi: inReverse(set.scsi).map((config) => onOtherDisks(config, set.nvme, nvme)),
    net: inReverse(set.net),
    relayed: set.relayed === null ? null : inReverse(set.relayed),
  };
}

function inReverse<T extends ChannelConfig>(channels: readonly T[]): T[] {
  const ids = channels.map(({ offer }) => offer.key.instance_id).toReversed();
  return channels.map((config, at) => withInstance(config, ids[at] ?? ids[0]));
}

/** Every identifier as large as it can be. */
function wide(set: DeviceSet): DeviceSet {
  const nvme = set.nvme.map((config, at) => ({
    ...config,
    pciId: pciIdAt(DOMAIN_MAX - at),
    namespaces: config.namespaces.map((one, place) => ({ ...one, nsid: NSID_MAX - place })),
  }));
  // NICs are found by their order, which stays.
  const first = DOMAIN_MAX - nvme.length - set.nics.length + 1;
  const nicIds = new Map(set.nics.map(({ pciId }, at) => [pciId, pciIdAt(first + at)]));
  const nicId = (pciId: string) => nicIds.get(pciId) ?? pciId;
  const widen = <T extends ChannelConfig>(config: T) => withInstance(config, widest(config));
  return {
    ...set,
    nvme,
    nics: set.nics.map((nic): NicConfig => ({ ...nic, pciId: nicId(nic.pciId) })),
    nicArrivals: set.nicArrivals.map(nicId),
    scsi: set.scsi.map((config) => onOtherDisks(widen(config), set.nvme, nvme)),
    net: set.net.map(widen),
    relayed: set.relayed?.map(widen) ?? null,
  };
}

function pciIdAt(domain: number): string {
  return `${domain.toString(16)}:00:00.0`;
}

/** `config` with its disks on the same namespaces as `before`, as they are called in `after`. */
function onOtherDisks(
  config: ScsiConfig,
  before: readonly ControllerConfig[],
  after: readonly ControllerConfig[],
): ScsiConfig {
  const disks = config.disks.map((disk) => {
    const at = before.findIndex(({ pciId }) => pciId === disk.namespace?.pciId);
    const place = before[at]?.namespaces.findIndex(({ nsid }) => nsid === disk.namespace?.nsid);
    const controller = after[at];
    const found = controller?.namespaces[place ?? -1];
    if (controller === undefined || found === undefined) return disk;
    return { ...disk, namespace: { pciId: controller.pciId, nsid: found.nsid } };
  });
  return { ...config, disks };
}

/** All ones, but for the octet that tells channels apart. */
function widest({ offer }: ChannelConfig): Guid {
  const data4 = new Uint8Array(8).fill(0xff);
  data4[7] = offer.key.instance_id.data4[7] ?? 0xff;
  return { data1: 0xffff_ffff, data2: 0xffff, data3: 0xffff, data4 };
}

function withInstance<T extends ChannelConfig>(config: T, instance_id: Guid | undefined): T {
  if (instance_id === undefined) return config;
  const { offer } = config;
  return { ...config, offer: { ...offer, key: { ...offer.key, instance_id } } };
}
