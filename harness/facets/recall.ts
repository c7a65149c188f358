/**
 * What a guest knows of its machine and what it finds there. A guest that runs again looks around,
 * then changes some of what it has found, and keeps in mind what it reads after that.
 *
 * @module
 */
export interface Recall {
  /** What the guest knew when it was stopped last; null when it was never stopped. */
  knew(): GuestView | null;
  /** What it found when it ran again, before it changed anything; null before that. */
  found(): GuestView | null;
  /** What it was refused since then, one line for each. */
  refused(): readonly string[];
}

/** Everything that a guest can read at one instant. */
export interface GuestView {
  /** Registers by the device or processor that has them, and by name. */
  readonly registers: ReadonlyMap<string, RegisterFile>;
  /** Variables of the firmware; null when there are none. */
  readonly variables: readonly VariableRecord[] | null;
  /** Files of the persistent guest state by id; null when there are none. */
  readonly files: ReadonlyMap<number, Uint8Array> | null;
  readonly clock: ClockRecord;
}

export type RegisterFile = ReadonlyMap<string, number | bigint | string>;

export interface VariableRecord {
  readonly vendor: {
    readonly data1: number;
    readonly data2: number;
    readonly data3: number;
    readonly data4: Uint8Array;
  };
  /** In UCS-2, with its terminator. */
  readonly name: Uint8Array;
  readonly data: Uint8Array;
  readonly attr: number;
  readonly timestamp: Uint8Array;
}

export interface ClockRecord {
  /** The guest's own clock, in milliseconds since 1970. */
  readonly localMillis: number;
  /** A clock outside of the machine, by the same measure. */
  readonly hostMillis: number;
  /** The machine's time, which stands still while it is stopped, in units of 100 ns. */
  readonly vmTime: bigint;
}
