/**
 * Choices by chance.
 *
 * @module
 */
import type { Draw } from "../seed.ts";

/** One of `items`. */
export function oneOf<T>(draw: Draw, items: readonly T[]): T {
  return items[draw(items.length)] as T;
}

/** True in `share` of 1000 cases. */
export function permille(draw: Draw, share: number): boolean {
  return draw(1000) < share;
}
