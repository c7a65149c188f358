/**
 * State units: the parts of a VM that stop, save, restore and start together, each under a name
 * that is part of the saved state.
 *
 * Source: vmm_core/state_unit/src/lib.rs. Operations run one after the other here, in an order that
 * the dependencies allow; upstream runs them at once.
 *
 * @module
 */
import {
  ChainError,
  type InspectNode,
  Panic,
  refusal,
  type Tracer,
  withContext,
} from "../machine/mod.ts";
import type { SavedStateBlob, SavedStateUnit } from "../openhcl_state/mod.ts";

/** One part of the VM. */
export interface StateUnit {
  readonly name: string;
  /** Units that restore before this one. */
  readonly dependencies: readonly string[];
  /** Runs when the VM starts, after the units that this one depends on. */
  start?(): void;
  /** Runs when the VM stops, before those. */
  stop?(): void;
  /** The state; null for a unit that has none, which is then left out. */
  save(): SavedStateBlob | null;
  restore(blob: SavedStateBlob): void;
  /** Runs for every unit once all of them are restored. */
  postRestore(): void;
  /** Guest-visible content; null when there is none. */
  content(): Uint8Array | string | null;
}

/** Guest-visible contents by the names of units. */
export type Contents = ReadonlyMap<string, Uint8Array | string | null>;

export class StateUnits {
  readonly #units = new Map<string, StateUnit>();
  readonly #tracer: Tracer;
  #running = false;

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Registers `unit`; its dependencies must be there already, so that they cannot be circular. */
  add(unit: StateUnit): void {
    if (this.#units.has(unit.name)) throw new ChainError(`state unit name ${unit.name} is in use`);
    for (const dependency of unit.dependencies) {
      if (this.#units.has(dependency)) continue;
      throw new Panic(`unit ${unit.name} depends on ${dependency}, which does not exist`);
    }
    this.#units.set(unit.name, unit);
  }

  has(name: string): boolean {
    return this.#units.has(name);
  }

  /** What a guest sees of each unit. */
  contents(): Contents {
    const contents = new Map<string, Uint8Array | string | null>();
    for (const unit of this.#units.values()) contents.set(unit.name, unit.content());
    return contents;
  }

  start(): void {
    this.#running = true;
    for (const unit of this.#units.values()) unit.start?.();
  }

  stop(): void {
    if (!this.#running) throw new Panic("assertion failed: self.running");
    this.#running = false;
    for (const unit of [...this.#units.values()].reverse()) unit.stop?.();
  }

  /** Saves every unit; all errors are collected. `before` may fail the unit that it is given. */
  save(before: (name: string) => void = () => {}): SavedStateUnit[] {
    this.#assertStopped();
    const saved: SavedStateUnit[] = [];
    const errors: UnitError[] = [];
    for (const unit of this.#units.values()) {
      attempt(unit.name, errors, () => {
        before(unit.name);
        const state = unit.save();
        if (state !== null) saved.push({ name: unit.name, state });
      });
    }
    check("save", errors);
    return saved;
  }

  /**
   * Restores the units that `states` name; the others stay as they were created. A name that is
   * unknown or comes twice fails all of it before any unit is called. `before` is called for each.
   */
  restore(states: readonly SavedStateUnit[], before: () => void = () => {}): void {
    this.#assertStopped();
    this.#tracer.span("state_change", () => {
      const byName = this.#resolve(states);
      const errors: UnitError[] = [];
      for (const unit of this.#units.values()) {
        const blob = byName.get(unit.name);
        if (blob === undefined) continue;
        before();
        attempt(unit.name, errors, () => unit.restore(blob));
      }
      check("restore", errors);
    });
    const errors: UnitError[] = [];
    for (const unit of this.#units.values()) {
      attempt(unit.name, errors, () => unit.postRestore());
    }
    check("post_restore", errors);
  }

  inspect(): Record<string, InspectNode> {
    const tree: Record<string, InspectNode> = {};
    const unit_state = this.#running ? "Running" : "Stopped";
    for (const { name, dependencies } of this.#units.values()) {
      tree[name] = { dependencies: dependencies.join(","), unit_state };
    }
    return tree;
  }

  #resolve(states: readonly SavedStateUnit[]): ReadonlyMap<string, SavedStateBlob> {
    const byName = new Map<string, SavedStateBlob>();
    const errors: UnitError[] = [];
    for (const { name, state } of states) {
      if (!this.#units.has(name)) errors.push({ name, text: "unknown unit name" });
      else if (byName.has(name)) errors.push({ name, text: "duplicate unit name" });
      byName.set(name, state);
    }
    check("restore", errors);
    return byName;
  }

  #assertStopped(): void {
    if (this.#running) throw new Panic("assertion failed: !self.running");
  }
}

interface UnitError {
  readonly name: string;
  readonly text: string;
}

function attempt(name: string, errors: UnitError[], work: () => void): void {
  try {
    work();
  } catch (error) {
    errors.push({ name, text: refusal(error).message });
  }
}

/** All errors as one, in the form of Rust's debug map. */
function check(operation: string, errors: readonly UnitError[]): void {
  if (errors.length === 0) return;
  const list = errors.map(({ name, text }) => `${name}: ${text}`).join(", ");
  withContext(`${operation} failed`, () => {
    throw new ChainError(`{${list}}`);
  });
}
