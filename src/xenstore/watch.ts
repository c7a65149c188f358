/**
 * A watch: one connection wants to know what changes at a path or below it.
 *
 * @module
 */

/** Without a limit of levels. */
export const DEPTH_UNLIMITED = 0xffff;

export interface Watch {
  /** Absolute, or the name of a special node. */
  readonly path: string;
  readonly token: string;
  /** Octets to take off the front of a path in an event: the watch was set on a relative path. */
  readonly prefix: number;
  /** Levels below the path that are watched too. */
  readonly depth: number;
}

/** The path as the client gave it. */
export function givenPath({ path, prefix }: Watch): string {
  return path.slice(prefix);
}

/** A change at `path` is one that `watch` is for. */
export function covers(watch: Watch, path: string): boolean {
  const top = watch.path;
  if (top !== "/") {
    if (!path.startsWith(top)) return false;
    if (path.length !== top.length && path[top.length] !== "/") return false;
  }
  return watch.depth === DEPTH_UNLIMITED || levelsBelow(top, path) <= watch.depth;
}

function levelsBelow(top: string, path: string): number {
  if (path.length === top.length) return 0;
  let levels = top === "/" ? 1 : 0;
  for (let at = top.length; at < path.length; at++) if (path[at] === "/") levels++;
  return levels;
}
