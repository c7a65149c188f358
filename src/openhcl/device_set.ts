/**
 * Device sets: what hardware a VM has, and what its guest did with it before the first save.
 * Chosen so that every rule of saved state has something to act on; see `Axis` `devices`.
 *
 * @module
 */
import type { PlannedChannel } from "../guest/mod.ts";
import type { ControllerConfig } from "../nvme/mod.ts";
import type { SavedStateUnit } from "../openhcl_state/mod.ts";
import { guid, type OfferParams, offerParams } from "../vmbus/mod.ts";
import type { AdapterIdentity } from "./network_adapter.ts";

/** A NIC as the host has assigned it. */
export interface NicConfig extends AdapterIdentity {
  readonly pciId: string;
}

/** A channel that OpenHCL or the host offers to the guest. */
export interface ChannelConfig {
  readonly offer: OfferParams;
  /** GPADLs of a channel that the guest has opened; null for one that stays closed. */
  readonly opened: readonly number[] | null;
}

/** A disk behind a synthetic SCSI controller. */
export interface DiskConfig {
  readonly lun: number;
  readonly blocks: bigint;
  /** Where its data is; null for a disk whose place is not known, which never answers. */
  readonly namespace: { readonly pciId: string; readonly nsid: number } | null;
}

/** The first channel of a synthetic SCSI controller. */
export interface ScsiConfig extends ChannelConfig {
  /** GPADL of each subchannel that the guest opens. */
  readonly subchannels: readonly number[];
  readonly disks: readonly DiskConfig[];
}

export interface DeviceSet {
  readonly name: string;
  readonly firmware: "Uefi" | "Pcat";
  readonly nvme: readonly ControllerConfig[];
  /** By PCI id, which is how a servicing boot finds them. */
  readonly nics: readonly NicConfig[];
  /** The order in which the NICs came while the VM ran first; they were added hot. */
  readonly nicArrivals: readonly string[];
  /** Synthetic SCSI controllers backed by assigned disks. */
  readonly scsi: readonly ScsiConfig[];
  /** Synthetic NICs, one for each of `nics`. */
  readonly net: readonly ChannelConfig[];
  /** Channels of the host that are relayed to the guest; null without a relay. */
  readonly relayed: readonly ChannelConfig[] | null;
  /** Units of a captured state: those that the model does not have are kept as octets. */
  readonly opaque: readonly SavedStateUnit[];
}

/** Interfaces of the channels that OpenHCL or the host offers. */
export const INTERFACE = {
  scsi: guid("ba6163d9-04a1-4d29-b605-72e2ffb1dc7f"),
  net: guid("f8615163-df3e-46c5-913f-f2d2f965ed0e"),
  shutdown: guid("0e0b6031-5213-4934-818b-38d90ced39db"),
  heartbeat: guid("57164f39-9115-4e78-ab55-382f3bd5422d"),
} as const;

type InterfaceName = keyof typeof INTERFACE;

/** `number` tells instances apart; the ids that a guest knows are the server's to give. */
function channel(
  number: number,
  kind: InterfaceName,
  opened: readonly number[] | null,
): ChannelConfig {
  const instance = guid(`00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`);
  return { offer: offerParams(INTERFACE[kind], instance), opened };
}

const NONE: DeviceSet = {
  name: "none",
  firmware: "Uefi",
  nvme: [],
  nics: [],
  nicArrivals: [],
  scsi: [],
  net: [],
  relayed: null,
  opaque: [],
};

/** Namespace ids start at neither 0 nor 1, so that a default does not hide a lost field. */
const CONTROLLERS: readonly ControllerConfig[] = [
  { pciId: "c05b:00:00.0", namespaces: [{ nsid: 37, blocks: 0x4_0000n }], ioQueuesMax: 8 },
  {
    pciId: "d7e1:00:00.0",
    namespaces: [
      { nsid: 2, blocks: 0x8_0000n },
      { nsid: 5, blocks: 0x1000n },
    ],
    ioQueuesMax: 8,
  },
];

/** Logical units in the order of controllers and namespaces. */
function disksOf(): DiskConfig[] {
  const namespaces = CONTROLLERS.flatMap(({ pciId, namespaces }) =>
    namespaces.map(({ nsid, blocks }) => ({ blocks, namespace: { pciId, nsid } })),
  );
  return namespaces.map((disk, lun) => ({ lun, ...disk }));
}

const NVME: DeviceSet = {
  ...NONE,
  name: "nvme",
  nvme: CONTROLLERS,
  scsi: [
    { ...channel(11, "scsi", [0xe1, 0xe2]), subchannels: [0xe3, 0xe4, 0xe5], disks: disksOf() },
  ],
};

const NICS: readonly NicConfig[] = ["7870:00:00.0", "7871:00:00.0"].map((pciId, index) => ({
  pciId,
  instanceId: guid(`f8615163-0000-4000-8000-00000000000${index + 1}`),
  macAddress: Uint8Array.of(0x00, 0x15, 0x5d, 0x1c, 0x40, 0xa0 + index),
}));

const NVME_AND_MANA: DeviceSet = {
  ...NVME,
  name: "nvme+mana",
  nics: NICS,
  nicArrivals: NICS.map(({ pciId }) => pciId).toReversed(),
  net: [channel(21, "net", [0xf1, 0xf2]), channel(22, "net", [0xf3, 0xf4])],
};

const RELAY: DeviceSet = {
  ...NONE,
  name: "relay",
  firmware: "Pcat",
  relayed: [
    channel(3, "scsi", [0xa1]),
    channel(5, "net", [0xa2, 0xa3]),
    channel(8, "shutdown", [0xa4]),
    channel(9, "heartbeat", null),
    channel(12, "net", null),
  ],
};

/** The first channel is on processor 0, and each subchannel on the next one. */
function plannedStorage({ offer: { key }, opened, subchannels }: ScsiConfig): PlannedChannel[] {
  if (opened === null) return [];
  const use = "storage";
  return [
    { key, gpadls: opened, vp: 0, use },
    ...subchannels.map((gpadl, index): PlannedChannel => {
      const vp = index + 1;
      return { key: { ...key, subchannel_index: vp }, gpadls: [gpadl], vp, use };
    }),
  ];
}

const DEVICE_SETS: readonly DeviceSet[] = [NONE, NVME, NVME_AND_MANA, RELAY];

const plans = new WeakMap<DeviceSet, readonly PlannedChannel[]>();

/** The channels of `set` that its guest opens; the same list for the same set. */
export function plannedChannels(set: DeviceSet): readonly PlannedChannel[] {
  const known = plans.get(set);
  if (known !== undefined) return known;
  const planned = [
    ...set.scsi.flatMap(plannedStorage),
    ...[...set.net, ...(set.relayed ?? [])].flatMap(({ offer, opened }) =>
      opened === null ? [] : { key: offer.key, gpadls: opened },
    ),
  ];
  plans.set(set, planned);
  return planned;
}

/** The device set called `name`. */
export function deviceSetNamed(name: string): DeviceSet {
  const found = DEVICE_SETS.find((set) => set.name === name);
  if (found !== undefined) return found;
  const names = DEVICE_SETS.map((set) => set.name).join(", ");
  throw new RangeError(
    `Cannot find device set as name must be one of ${names}: current value is ${name}`,
  );
}
