/**
 * Registers: what a guest reads and writes of an emulated device. A device is data: its state at
 * power-on, its registers, and the message that it is saved as. States are never changed, only
 * replaced, so that what was derived from one can be kept with it.
 *
 * Accesses are whole registers; the width of a bus and byte enables are not modelled.
 *
 * @module
 */
import type { Message, Shape } from "../schema/message.ts";

export interface Register<S> {
  read(state: S): number;
  /** Absent for what a guest cannot write. */
  write?(state: S, value: number): S;
  /** Bits that a guest may set there without ending or stopping its machine. */
  readonly mask?: number;
  /** Bits without which other registers do not answer; a guest always sets them. */
  readonly ones?: number;
  /** A guest writes it each time that it runs again. */
  readonly everyTurn?: boolean;
}

/** By the name that the data sheet or upstream gives them. */
export type Registers<S> = Readonly<Record<string, Register<S>>>;

/** A device whose state is the message `M`. */
export interface DeviceModel<S, M extends Message> {
  /** Name of its state unit. */
  readonly unit: string;
  readonly message: M;
  readonly powerOn: S;
  readonly registers: Registers<S>;
  /** Brings what goes on by itself to an instant of virtual time, in units of 100 ns. */
  touch?(state: S, vmTime: bigint): S;
  save(state: S): Shape<M>;
  /** Throws a `RestoreError` for a state that upstream refuses. */
  restore(saved: Shape<M>): S;
}

type NumbersOf<S> = { [K in keyof S]: S[K] extends number ? K : never }[keyof S];

/** A register that holds the bits of `mask`, as they were written last. */
export function held<S, K extends NumbersOf<S>>(key: K, mask: number): Register<S> {
  return {
    mask,
    read: (state) => state[key] as number,
    write: (state, value) => ({ ...state, [key]: (value & mask) >>> 0 }),
  };
}

/** The registers of a part of a device. */
export function within<S, K extends keyof S>(key: K, inner: Registers<S[K]>): Registers<S> {
  const entries = Object.entries(inner).map(([name, register]): [string, Register<S>] => {
    const { write, mask = 0, ones = 0 } = register;
    const outer: Register<S> = { mask, ones, read: (state) => register.read(state[key]) };
    if (write === undefined) return [name, outer];
    const writing = (state: S, value: number): S => ({ ...state, [key]: write(state[key], value) });
    return [name, { ...outer, write: writing }];
  });
  return Object.fromEntries(entries);
}

/** The same registers under names that begin with `prefix`. */
export function prefixed<S>(prefix: string, registers: Registers<S>): Registers<S> {
  return Object.fromEntries(
    Object.entries(registers).map(([name, register]) => [`${prefix}.${name}`, register]),
  );
}
