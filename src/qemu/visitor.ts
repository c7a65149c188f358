/**
 * Visitors walk over the state of a device, and save it or load it on the way. A device has one
 * function that tells a visitor its fields, in order; what becomes of them (octets of the stream,
 * a tree, text) and in which direction is up to the visitor.
 *
 * Source: QEMU wiki, Features/Migration/Next, "Using Visitors". Widths and order are those of
 * QEMU's stream.
 *
 * @module
 */
import { VisitError } from "./error.ts";
import { INTEGERS, type IntegerKind, WIDES, type WideKind } from "./integer.ts";

/** Structures in structures. */
export const DEPTH_MAX = 32;
/** Items of one list. */
export const ITEMS_MAX = 65_536;

/** A part of a device that is only saved when it says something; QEMU's `.needed`. */
export interface Subsection {
  /** Begins with the name of its device and a slash. */
  readonly name: string;
  readonly version: number;
  readonly isNeeded: boolean;
  visit(): void;
}

type Has<K extends PropertyKey, V> = { [P in K]: V };

export abstract class Visitor {
  /** True when it fills the state, false when it reads it. */
  abstract readonly loads: boolean;
  readonly #trail: string[] = [];

  u8<K extends PropertyKey>(state: Has<K, number>, name: K): void {
    this.#narrow("u8", state, name);
  }

  u16<K extends PropertyKey>(state: Has<K, number>, name: K): void {
    this.#narrow("u16", state, name);
  }

  u32<K extends PropertyKey>(state: Has<K, number>, name: K): void {
    this.#narrow("u32", state, name);
  }

  u64<K extends PropertyKey>(state: Has<K, bigint>, name: K): void {
    this.#wide("u64", state, name);
  }

  i8<K extends PropertyKey>(state: Has<K, number>, name: K): void {
    this.#narrow("i8", state, name);
  }

  i16<K extends PropertyKey>(state: Has<K, number>, name: K): void {
    this.#narrow("i16", state, name);
  }

  i32<K extends PropertyKey>(state: Has<K, number>, name: K): void {
    this.#narrow("i32", state, name);
  }

  i64<K extends PropertyKey>(state: Has<K, bigint>, name: K): void {
    this.#wide("i64", state, name);
  }

  bool<K extends PropertyKey>(state: Has<K, boolean>, name: K): void {
    state[name] = this.onBool(String(name), state[name]);
  }

  /** Text of at most 255 characters, each of which is one octet. */
  text<K extends PropertyKey>(state: Has<K, string>, name: K): void {
    this.#pass(
      state,
      name,
      (value) => this.onText(String(name), value),
      (value) =>
        value.length > 255 || /[^\0-\xff]/.test(value) ? "text must have at most 255 octets" : null,
    );
  }

  /** Exactly `size` octets. */
  buffer<K extends PropertyKey>(state: Has<K, Uint8Array>, name: K, size: number): void {
    this.#pass(
      state,
      name,
      (value) => this.onBuffer(String(name), value, size),
      ({ length }) => (length === size ? null : `it must have ${size} octets: it has ${length}`),
    );
  }

  struct<S, K extends keyof S & PropertyKey>(
    state: S,
    name: K,
    visit: (inner: S[K]) => void,
  ): void {
    this.#within(String(name), () => {
      this.onEnter(String(name));
      visit(state[name]);
      this.onLeave();
    });
  }

  /** As many items as the state has; their number goes with them. */
  list<K extends PropertyKey, S extends Has<K, unknown[]>>(
    state: S,
    name: K,
    fresh: () => S[K][number],
    visit: (items: S[K], index: number) => void,
    max = ITEMS_MAX,
  ): void {
    this.#within(String(name), () => {
      const length = this.onList(String(name), state[name].length);
      if (length > max) {
        throw this.error("length", `a list has at most ${max} items: current value is ${length}`);
      }
      if (this.loads) state[name] = Array.from({ length }, fresh) as S[K];
      for (let index = 0; index < length; index++) visit(state[name], index);
      this.onLeave();
    });
  }

  /** A list whose length both sides know. */
  array<K extends PropertyKey, S extends Has<K, unknown[]>>(
    state: S,
    name: K,
    length: number,
    visit: (items: S[K], index: number) => void,
  ): void {
    this.#within(String(name), () => {
      this.onArray(String(name), length);
      if (state[name].length !== length) {
        throw this.error("length", `it must be ${length}: current value is ${state[name].length}`);
      }
      for (let index = 0; index < length; index++) visit(state[name], index);
      this.onLeave();
    });
  }

  /** What may be absent; whether it is goes with it. */
  optional<S, K extends keyof S & PropertyKey>(
    state: S,
    name: K,
    fresh: () => S[K],
    visit: (inner: NonNullable<S[K]>) => void,
  ): void {
    const isThere = this.onOptional(String(name), state[name] !== undefined);
    if (this.loads) state[name] = isThere ? fresh() : (undefined as S[K]);
    if (isThere) this.struct(state, name, (inner) => visit(inner as NonNullable<S[K]>));
  }

  /** At the end of a structure: those of `known` that are needed, or that are there. */
  subsections(device: string, known: readonly Subsection[]): void {
    this.onSubsections(device, known, (one) => this.#within(one.name, () => one.visit()));
  }

  /** An error about what the visitor is at, or about a field of it. */
  error(name: PropertyKey | undefined, requirement: string): VisitError {
    const names = name === undefined ? this.#trail : [...this.#trail, String(name)];
    return new VisitError(names.join(".") || "the state", requirement);
  }

  protected abstract onInteger(kind: IntegerKind, name: string, value: number): number;
  protected abstract onWide(kind: WideKind, name: string, value: bigint): bigint;
  protected abstract onBool(name: string, value: boolean): boolean;
  protected abstract onText(name: string, value: string): string;
  protected abstract onBuffer(name: string, value: Uint8Array, size: number): Uint8Array;
  protected abstract onOptional(name: string, isThere: boolean): boolean;
  protected abstract onList(name: string, length: number): number;
  protected abstract onArray(name: string, length: number): void;
  protected abstract onEnter(name: string): void;
  protected abstract onLeave(): void;
  protected abstract onSubsections(
    device: string,
    known: readonly Subsection[],
    visit: (one: Subsection) => void,
  ): void;

  #narrow<K extends PropertyKey>(kind: IntegerKind, state: Has<K, number>, name: K): void {
    const { least, most } = INTEGERS[kind];
    this.#pass(
      state,
      name,
      (value) => this.onInteger(kind, String(name), value),
      (value) =>
        Number.isInteger(value) && value >= least && value <= most
          ? null
          : `${kind} must be ${least} to ${most}: current value is ${value}`,
    );
  }

  #wide<K extends PropertyKey>(kind: WideKind, state: Has<K, bigint>, name: K): void {
    const { least, most } = WIDES[kind];
    this.#pass(
      state,
      name,
      (value) => this.onWide(kind, String(name), value),
      (value) =>
        value >= least && value <= most
          ? null
          : `${kind} must be ${least} to ${most}: current value is ${value}`,
    );
  }

  /** What is saved is looked at before it leaves, and what is loaded before it is believed. */
  #pass<K extends PropertyKey, V>(
    state: Has<K, V>,
    name: K,
    on: (value: V) => V,
    faultOf: (value: V) => string | null,
  ): void {
    const value = this.loads ? on(state[name]) : state[name];
    const fault = faultOf(value);
    if (fault !== null) throw this.error(name, fault);
    if (this.loads) state[name] = value;
    else on(value);
  }

  #within(name: string, visit: () => void): void {
    if (this.#trail.length === DEPTH_MAX) {
      throw this.error(name, `structures are at most ${DEPTH_MAX} deep`);
    }
    this.#trail.push(name);
    visit();
    this.#trail.pop();
  }
}
