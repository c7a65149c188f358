/**
 * What a guest can read of its machine at one instant, apart from memory, disks and bus.
 *
 * @module
 */
import type { Variable } from "./nvram_file.ts";

export type RegisterFile = ReadonlyMap<string, number | bigint | string>;

export interface GuestView {
  /** Registers by device: units of the chipset, processors as `vp0`, and `bios`, the BIOS area. */
  readonly registers: ReadonlyMap<string, RegisterFile>;
  /** Variables of the firmware; null for one that has none. */
  readonly variables: readonly Variable[] | null;
  /** Files of the guest's persistent state by id; null when it has none. */
  readonly files: ReadonlyMap<number, Uint8Array> | null;
  readonly clock: ClockView;
}

export interface ClockView {
  /** The guest's own clock, in milliseconds since 1970. */
  readonly localMillis: number;
  /** A clock outside of the machine, by the same measure. */
  readonly hostMillis: number;
  /** The VM's time, in units of 100 ns. */
  readonly vmTime: bigint;
}

/** What a guest keeps in mind of its turns; memory of the guest, so that it outlives a restart. */
export interface Recollection {
  /** Turns so far. */
  readonly turns: number;
  /** What it last read, or last wrote and read again. */
  readonly view: GuestView;
  /** Its network adapters by PCI id of their function. */
  readonly traffic: ReadonlyMap<string, Traffic>;
}

/** What has gone over a network adapter, since the guest first ran. */
export interface Traffic {
  readonly sent: number;
  /** Packets of those that came back. */
  readonly echoed: number;
  /** Times that the guest was told that the link went up or down. */
  readonly linkChanges: number;
}
