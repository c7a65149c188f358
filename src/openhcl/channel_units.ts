/**
 * Devices on channels of the VMBus server as state units. Their channel is restored with them.
 *
 * Source: vm/devices/net/netvsp, vm/devices/storage/storvsp (channels by offer name).
 *
 * @module
 */
import { type Drive, NetvspSavedState, StorvspSavedState } from "../openhcl_state/mod.ts";
import type { Shape } from "../schema/message.ts";
import type { StorvspController } from "../storvsp/mod.ts";
import type { RingDevice } from "../vmbus/mod.ts";
import { blobsOf, perState } from "./blob.ts";
import { commonContent } from "./common_content.ts";
import type { StateUnit } from "./state_units.ts";
import { type Cell, unitOf } from "./unit_cell.ts";

const netvspContent = commonContent(NetvspSavedState);

export type NetvspState = Shape<typeof NetvspSavedState>;

/**
 * The state of a device that is `ready` while its guest has its channel open, and `closed`
 * otherwise. What it takes over while the channel is open is what it is from then on.
 */
export function channelCell<V>(device: RingDevice, closed: V, ready: V): Cell<V> {
  let state = ready;
  return {
    get: () => (device.isOpen ? state : closed),
    set(next) {
      if (device.isOpen) state = next;
    },
  };
}

/** A synthetic NIC on its channel. */
export function netvspUnit(
  release: string,
  name: string,
  cell: Cell<NetvspState>,
  device: RingDevice,
): StateUnit {
  const unit = unitOf({
    name,
    dependencies: ["vmbus"],
    blobs: blobsOf(NetvspSavedState, release),
    cell,
    content: netvspContent,
    adopt: ({ open }) => device.restore(open !== null),
  });
  return { ...unit, start: () => device.start() };
}

/** A synthetic SCSI controller on its channels. */
export function storvspUnit(
  release: string,
  name: string,
  controller: StorvspController,
): StateUnit {
  const unit = unitOf({
    name,
    dependencies: ["vmbus"],
    blobs: blobsOf(StorvspSavedState, release),
    cell: { get: () => controller.save(), set: (state) => controller.restore(state) },
    content: storvspContent,
  });
  return { ...unit, start: () => controller.start(), stop: () => controller.stop() };
}

/**
 * A text, as it is cheap to make: a controller makes its state anew each time. What is under way
 * comes and goes by itself; that each request is answered is for its guest.
 */
function storvspContent({ protocol_state, channels, drives }: StorvspSavedState): string {
  const open = channels.map(({ channel }) => channel !== null);
  const front = `${JSON.stringify(protocol_state)},${JSON.stringify(open)}`;
  return `[${front},[${drives.map(textOfDrive).join()}]]`;
}

/** Drives are states of their own, which many machines share. */
const textOfDrive = perState((drive: Drive) =>
  JSON.stringify(drive, (_key, value: unknown) => (typeof value === "bigint" ? `${value}` : value)),
);
