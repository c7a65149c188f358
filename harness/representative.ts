/**
 * Which condition stands for others where a look is costly: requests that let a hop do the same
 * are looked at once.
 *
 * @module
 */
import type { Adapter } from "./adapter.ts";
import type { Axis } from "./axis.ts";
import type { Condition } from "./condition.ts";
import type { Hop } from "./path.ts";

/**
 * True when no earlier value of an axis per save lets `hop` do the same under `settings`, which are
 * those of one save.
 */
export function isRepresentative(
  adapter: Adapter,
  hop: Hop,
  settings: Condition["settings"],
  axes: readonly Axis[],
): boolean {
  const able = adapter.capabilities(hop, settings);
  return axes.every(({ name, per, values }) => {
    if (per !== "save") return true;
    for (const value of values) {
      if (value === settings[name]) return true;
      const other = adapter.capabilities(hop, { ...settings, [name]: value });
      if (isSame(able, other)) return false;
    }
    return true;
  });
}

function isSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && one.isSubsetOf(other);
}
