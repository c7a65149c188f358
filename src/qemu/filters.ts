/**
 * Filters: callbacks that may change the state of a device as it leaves, and as it comes.
 *
 * Source: QEMU wiki, Features/Migration/Next, "Allow filtering of marshalling via a registered
 * callback".
 *
 * @module
 */
import type { Tree } from "./tree.ts";

export type Direction = "marshal" | "unmarshal";
export type Filter = (tree: Tree) => Tree;

export class Filters {
  readonly #filters: { direction: Direction; device: string; filter: Filter }[] = [];

  /** Those of one device and direction run in the order of their registration. */
  register(direction: Direction, device: string, filter: Filter): this {
    this.#filters.push({ direction, device, filter });
    return this;
  }

  apply(direction: Direction, device: string, tree: Tree): Tree {
    return this.#filters
      .filter((one) => one.direction === direction && one.device === device)
      .reduce((now, { filter }) => filter(now), tree);
  }
}
