/**
 * Devices on channels of the VMBus server as state units. Their channel is restored with them.
 *
 * Source: vm/devices/net/netvsp, vm/devices/storage/storvsp; facts/openhcl/semantics.md, State
 * units (channels by offer name).
 *
 * @module
 */
import { NetvspSavedState, StorvspSavedState } from "../openhcl_state/mod.ts";
import type { Shape } from "../schema/message.ts";
import { blobsOf } from "./blob.ts";
import { commonContent } from "./common_content.ts";
import type { StateUnit } from "./state_units.ts";
import { type Cell, cellOf, unitOf } from "./unit_cell.ts";

const netvspContent = commonContent(NetvspSavedState);
const storvspContent = commonContent(StorvspSavedState);

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
    content: netvspContent,
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
    content: storvspContent,
    adopt: ({ channels }) => adopt(channels.some(({ channel }) => channel !== null)),
  });
}
