/**
 * Groups of atoms.
 *
 * @module
 */
import type { Atomic } from "./operation.ts";

/** A group of one is its only atom, one of none is nothing. */
export function serial(atoms: readonly Atomic[]): Atomic[] {
  return atoms.length < 2 ? [...atoms] : [{ serial: atoms }];
}

export function side(
  kind: "Parallel" | "Nested_parallel",
  vm: string,
  what: string,
  atoms: readonly Atomic[],
): Atomic[] {
  return atoms.length < 2 ? [...atoms] : [{ side: kind, vm, what, atoms }];
}
