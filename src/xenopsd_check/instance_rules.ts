/**
 * I26: a process knows nothing of tasks and tokens of the one before, and says that it is another.
 *
 * @module
 */
import type { World } from "../xenopsd/mod.ts";
import type { Report, Rules, Subject } from "./rules.ts";

/** Ids of all processes that a world has seen. */
const SEEN = new WeakMap<World, Set<string>>();

export function instanceRules(subject: Subject, report: Report): Rules {
  const seen = SEEN.get(subject.world) ?? new Set();
  SEEN.set(subject.world, seen);
  let isKnown = false;
  return {
    onStep() {
      if (isKnown) return;
      isKnown = true;
      const { instanceId } = subject.machine;
      if (seen.has(instanceId)) report("I26", `a process is ${instanceId} again`);
      seen.add(instanceId);
    },
  };
}
