/**
 * The VM's own time: it goes on with the virtual clock from where it stopped.
 *
 * Source: vm/vmcore/src/vmtime.rs.
 *
 * @module
 */
import type { VirtualClock } from "../machine/mod.ts";
import { VmTimeSavedState } from "../openhcl_state/mod.ts";
import { blobsOf } from "./blob.ts";
import type { StateUnit } from "./state_units.ts";
import { unitOf } from "./unit_cell.ts";

export class VmTime {
  readonly #clock: VirtualClock;
  #offset = 0n;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** In units of 100 ns. */
  get now(): bigint {
    return BigInt(this.#clock.nowUs) * 10n + this.#offset;
  }

  /** Goes on from `vmTime`. */
  set(vmTime: bigint): void {
    this.#offset += vmTime - this.now;
  }
}

export function vmtimeUnit(release: string, time: VmTime): StateUnit {
  return unitOf({
    name: "vmtime",
    blobs: blobsOf(VmTimeSavedState, release),
    cell: {
      get: () => ({ vmtime: time.now }),
      set: ({ vmtime }) => time.set(vmtime),
    },
    content: () => null,
  });
}
