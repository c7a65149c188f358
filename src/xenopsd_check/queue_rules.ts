/**
 * I1 to I4: one worker for each tag, first in first out, nothing lost, and only checks coalesced.
 *
 * @module
 */
import type { Operation, WorkItem } from "../xenopsd/mod.ts";
import type { Report, Rules, Subject } from "./rules.ts";

export function queueRules(_: Subject, report: Report): Rules {
  const executing = new Map<string, WorkItem>();
  const queued = new Map<string, WorkItem[]>();
  const push = (tag: string, item: WorkItem) => {
    const items = queued.get(tag);
    if (items === undefined) queued.set(tag, [item]);
    else items.push(item);
  };
  const pop = (tag: string, item: WorkItem) => {
    if (executing.has(tag)) report("I1", `two workers are at ${tag}`);
    executing.set(tag, item);
    const items = queued.get(tag) ?? [];
    const index = items.indexOf(item);
    if (index === -1) report("I3", `${item.op.o} of ${tag} is done twice`);
    else if (index > 0) report("I2", `${item.op.o} of ${tag} is done before ${items[0]?.op.o}`);
    if (index !== -1) items.splice(index, 1);
    if (items.length === 0) queued.delete(tag);
  };
  const drop = (tag: string, item: WorkItem, earlier: WorkItem | undefined) => {
    const items = queued.get(tag) ?? [];
    const stands = earlier !== undefined && items.includes(earlier) && earlier !== item;
    if (!stands || !isSame(item.op, earlier.op)) {
      report("I4", `${item.op.o} of ${tag} is dropped, and no equal check stands before it`);
    }
    items.splice(items.lastIndexOf(item), 1);
  };
  return {
    onQueue(change, _pool, tag, item, earlier) {
      if (item === undefined) return;
      if (change === "push") push(tag, item);
      else if (change === "pop") pop(tag, item);
      else if (change === "drop") drop(tag, item, earlier);
      else if (change === "finish") executing.delete(tag);
    },
    onQuiet() {
      for (const [tag, items] of queued) report("I3", `${items[0]?.op.o} of ${tag} is never done`);
      queued.clear();
    },
    onCrash() {
      executing.clear();
      queued.clear();
    },
  };
}

/** Equal checks; nothing else may stand for another operation. */
function isSame(a: Operation, b: Operation): boolean {
  if (!a.o.endsWith("_check_state") || a.o !== b.o || a.vm !== b.vm) return false;
  return ("dev" in a ? a.dev : "") === ("dev" in b ? b.dev : "");
}
