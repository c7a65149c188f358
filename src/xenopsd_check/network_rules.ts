/**
 * I27 and I28 across all hosts of a network: what a guest remembers when it has moved, and who runs
 * on a disk.
 *
 * @module
 */
import type { Dom, Observer, Storage, World } from "../xenopsd/mod.ts";
import type { Report } from "./rules.ts";

/** An observer for each of the worlds, in their order. */
export function networkRules(worlds: readonly World[], report: Report): readonly Observer[] {
  /** Memory of guests that were suspended, by the id of their VM. */
  const saved = new Map<string, string>();
  const judgeSharing = (world: World, mine: Storage) => {
    if (!isRunOn(world, mine)) return;
    for (const other of worlds) {
      if (other === world) continue;
      for (const theirs of other.hv.storage.values()) {
        if (theirs.backend !== mine.backend || !isRunOn(other, theirs)) continue;
        report("I28", `${mine.vm} and ${theirs.vm} run on ${mine.backend} on two hosts`);
      }
    }
  };
  const judgeMemory = ({ uuid, guestRam }: Dom) => {
    const before = saved.get(uuid);
    saved.delete(uuid);
    if (before !== undefined && before !== `${guestRam}`) {
      report("I27", `the memory of ${uuid} is not what it was on the other host`);
    }
  };
  return worlds.map((world) => ({
    onDom(dom, change) {
      if (change !== "state") return;
      if (dom.shutdown === 2) saved.set(dom.uuid, `${dom.guestRam}`);
      if (dom.paused) return;
      judgeMemory(dom);
      for (const storage of world.hv.storage.values()) {
        if (storage.vm === dom.uuid) judgeSharing(world, storage);
      }
    },
    onStorage: (storage) => judgeSharing(world, storage),
  }));
}

/** A guest that is not paused may write to it. */
function isRunOn({ hv }: World, { vm, attached, mode }: Storage): boolean {
  return attached && mode === "ReadWrite" && hv.dom(vm)?.paused === false;
}
