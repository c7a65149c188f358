/**
 * The state units of a VM, by device set: what the guest has programmed into each one before the
 * first save, and what each one is at power-on.
 *
 * Source: facts/openhcl/semantics.md, State units (names), schemas.md (messages). Devices whose
 * messages take no part in servicing's logic are opaque octets under their own type URL.
 *
 * @module
 */
import type { VirtualClock } from "../machine/mod.ts";
import { codecFor, type Value } from "../mesh/mod.ts";
import {
  NetvspSavedState,
  Partition,
  ProcessorSavedState,
  StorvspSavedState,
  UefiSavedState,
  VmTimeSavedState,
} from "../openhcl_state/mod.ts";
import type { Message, Shape } from "../schema/message.ts";
import type { StateUnit } from "./state_units.ts";
import { type BlobCodec, blobsOf, type Cell, cellOf, opaqueBlobs, unitOf } from "./unit_cell.ts";

/** What every release keeps is what the oldest one keeps: the rest is not compared. */
const COMMON_RELEASE = "2411";

/** The octets of a state, without what came after the oldest release. */
export function commonContent<M extends Message>(message: M): (state: Value<M>) => Uint8Array {
  const codec = codecFor(message, COMMON_RELEASE);
  return (state) => codec.encode(state);
}

const contentOf = {
  uefi: commonContent(UefiSavedState),
  netvsp: commonContent(NetvspSavedState),
  storvsp: commonContent(StorvspSavedState),
};

/** Devices of every VM, and those of a PCAT one, with the names of their messages. */
const CHIPSET: readonly (readonly [name: string, message: string])[] = [
  ["rtc", "chipset.cmos_rtc.SavedState"],
  ["pic", "chipset.pic.SavedState"],
  ["pit", "chipset.pit.SavedState"],
];

const PCAT_CHIPSET: typeof CHIPSET = [
  ["440bx-host-pci-bridge", "chipset.i440bx.host_pci_bridge.SavedState"],
  ["piix4-pci-isa-bridge", "chipset.piix4.pci_isa_bridge.SavedState"],
  ["piix4-pci-bus", "chipset.piix4.pci_bus.SavedState"],
  ["piix4-pm", "chipset.piix4.pm.SavedState"],
];

/** The empty message. */
const POWER_ON = new Uint8Array(0);

/** Emulated devices: `programmed` by a guest, or as they are at power-on. */
export function chipsetUnits(pcat: boolean, programmed: boolean): StateUnit[] {
  const devices = pcat ? [...CHIPSET, ...PCAT_CHIPSET] : CHIPSET;
  return devices.map(([name, message], index) =>
    unitOf({
      name,
      dependencies: ["chipset"],
      blobs: opaqueBlobs(message),
      // Field 1, a varint; POWER_ON is the empty message.
      cell: cellOf(programmed ? Uint8Array.of(0x08, 0x10 + index) : POWER_ON),
      content: (state) => state,
    }),
  );
}

/** The VM's own time goes on with the virtual clock from where it stopped. */
export function vmtimeUnit(release: string, clock: VirtualClock): StateUnit {
  let offset = 0n;
  const now = () => BigInt(clock.nowUs) * 10n;
  return unitOf({
    name: "vmtime",
    blobs: blobsOf(VmTimeSavedState, release),
    cell: {
      get: () => ({ vmtime: now() + offset }),
      set: ({ vmtime }) => {
        offset = vmtime - now();
      },
    },
    content: () => null,
  });
}

/** Firmware. The level of its log is configured, and saved since 1.7. */
export function uefiUnit(release: string, cell: Cell<UefiState>): StateUnit {
  return unitOf({
    name: "uefi",
    dependencies: ["chipset"],
    blobs: blobsOf(UefiSavedState, release),
    cell,
    content: contentOf.uefi,
  });
}

export type UefiState = Shape<typeof UefiSavedState>;

/** Virtual processors; restored last. */
export function partitionUnit(
  release: string,
  dependencies: readonly string[],
  processors: readonly Processor[],
): StateUnit {
  return unitOf({
    name: "partition",
    dependencies,
    blobs: partitionBlobs(release),
    cell: cellOf(processors),
    content: (vps) => partitionBlobs(COMMON_RELEASE).pack(vps).value,
  });
}

export type Processor = Shape<typeof ProcessorSavedState>;

/** The partition's blob has a blob for each processor. */
function partitionBlobs(release: string): BlobCodec<readonly Processor[]> {
  const partition = blobsOf(Partition, release);
  const processor = blobsOf(ProcessorSavedState, release);
  return {
    pack: (processors) =>
      partition.pack({
        partition: NO_STATE,
        vps: processors.map((vp, vp_index) => ({ vp_index, data: processor.pack(vp) })),
      }),
    unpack: (blob) => partition.unpack(blob).vps.map(({ data }) => processor.unpack(data)),
  };
}

const NO_STATE = { type_url: "type.googleapis.com/save_restore.NoSavedState", value: POWER_ON };

export type NetvspState = Shape<typeof NetvspSavedState>;

/** A synthetic NIC on its channel. `adopt` restores the channel. */
export function netvspUnit(
  release: string,
  name: string,
  cell: Cell<NetvspState>,
  adopt: (open: boolean) => void,
): StateUnit {
  return unitOf({
    name,
    dependencies: ["vmbus"],
    blobs: blobsOf(NetvspSavedState, release),
    cell,
    content: contentOf.netvsp,
    adopt: ({ open }) => adopt(open !== null),
  });
}

export type StorvspState = Shape<typeof StorvspSavedState>;

/** A synthetic SCSI controller on its channel. */
export function storvspUnit(
  release: string,
  name: string,
  state: StorvspState,
  adopt: (open: boolean) => void,
): StateUnit {
  return unitOf({
    name,
    dependencies: ["vmbus"],
    blobs: blobsOf(StorvspSavedState, release),
    cell: cellOf(state),
    content: contentOf.storvsp,
    adopt: ({ channels }) => adopt(channels.some(({ channel }) => channel !== null)),
  });
}
