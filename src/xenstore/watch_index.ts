/**
 * Which paths are watched at all, over all connections: most changes concern nobody, and that
 * should cost nothing.
 *
 * @module
 */
import type { Connection } from "./connection.ts";
import { parentOf } from "./store_node.ts";
import type { Watch } from "./watch.ts";

export class WatchIndex {
  readonly #byPath = new Map<string, number>();

  add(connection: Connection, watch: Watch): void {
    connection.watches.push(watch);
    this.#byPath.set(watch.path, (this.#byPath.get(watch.path) ?? 0) + 1);
  }

  remove(connection: Connection, watch: Watch): void {
    connection.watches.splice(connection.watches.indexOf(watch), 1);
    const left = (this.#byPath.get(watch.path) ?? 0) - 1;
    if (left > 0) this.#byPath.set(watch.path, left);
    else this.#byPath.delete(watch.path);
  }

  removeAll(connection: Connection): void {
    for (const watch of [...connection.watches]) this.remove(connection, watch);
  }

  /** Somebody watches this very path. */
  has(path: string): boolean {
    return this.#byPath.has(path);
  }

  /** Somebody watches this path or one above it. */
  covers(path: string): boolean {
    if (this.#byPath.size === 0) return false;
    for (let at = path; ; at = parentOf(at)) {
      if (this.#byPath.has(at)) return true;
      if (at === "/") return false;
    }
  }

  /** Paths below `path` that somebody watches, in the order of their names. */
  below(path: string): string[] {
    const front = path === "/" ? "/" : `${path}/`;
    const paths = [...this.#byPath.keys()].filter((it) => it.startsWith(front) && it !== path);
    return paths
      .map((it) => it.split("/"))
      .sort(byNames)
      .map((it) => it.join("/"));
  }
}

function byNames(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const [one, other] = [a[at] as string, b[at] as string];
    if (one !== other) return one < other ? -1 : 1;
  }
  return a.length - b.length;
}
