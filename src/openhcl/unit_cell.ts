/**
 * A state unit whose state is one message: the device as the guest has programmed it, or as it is
 * at power-on until a restore.
 *
 * Source: vm/vmcore/src/save_restore.rs (`SaveRestore`).
 *
 * @module
 */
import { RestoreError } from "../machine/mod.ts";
import type { BlobCodec } from "./blob.ts";
import type { StateUnit } from "./state_units.ts";

/** Where a unit's state lives. */
export interface Cell<V> {
  get(): V;
  set(state: V): void;
}

/** A cell of its own. */
export function cellOf<V>(initial: V): Cell<V> {
  let state = initial;
  return {
    get: () => state,
    set(next) {
      state = next;
    },
  };
}

/** What makes up a {@linkcode unitOf}. */
export interface UnitParts<V> {
  readonly name: string;
  readonly dependencies?: readonly string[];
  readonly blobs: BlobCodec<V>;
  readonly cell: Cell<V>;
  /** What of the state a guest can see; null for nothing. */
  content(state: V): Uint8Array | string | null;
  /** Runs before the state is taken over. */
  adopt?(state: V): void;
}

/** A unit around one message. */
export function unitOf<V>(parts: UnitParts<V>): StateUnit {
  const { name, dependencies = [], blobs, cell } = parts;
  return {
    name,
    dependencies,
    save: () => blobs.pack(cell.get()),
    restore(blob) {
      const state = blobs.unpack(blob);
      parts.adopt?.(state);
      cell.set(state);
    },
    postRestore() {},
    content: () => parts.content(cell.get()),
  };
}

/** A unit without state: left out of every save. */
export function statelessUnit(name: string, dependencies: readonly string[] = []): StateUnit {
  return {
    name,
    dependencies,
    save: () => null,
    restore() {
      throw new RestoreError("unexpected saved state");
    },
    postRestore() {},
    content: () => null,
  };
}
