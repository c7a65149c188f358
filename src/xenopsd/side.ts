/**
 * Atoms side by side: each is a task of its own, queued for another pool, so that no worker waits
 * for itself.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml (Parallel). All chunks are run even if
 * something has failed; the first error is thrown at the end. Whoever cancels the parent does not
 * cancel its children.
 *
 * @module
 */
import { ERROR, XenopsError } from "../xenops_interface/mod.ts";
import type { Side } from "./operation.ts";
import type { Site } from "./site.ts";
import type { Run } from "./step_point.ts";
import type { Task } from "./task.ts";
import type { PoolName } from "./work_item.ts";

const CHUNK = 10;
const LEAF_TIMEOUT_MS = 1_200_000;

export function* performSide(site: Site, { side, vm, what, atoms }: Side): Run<undefined> {
  const { engine, task } = site;
  const under = site.point.op;
  const pool: PoolName = side === "Parallel" ? "parallel" : "nested";
  const name = `${side}:task=${task.id}.atoms=${atoms.length}.(${what})`;
  let first: XenopsError | undefined;
  for (let start = 0; start < atoms.length; start += CHUNK) {
    const children = atoms.slice(start, start + CHUNK).map((atom, index) => {
      const child = engine.tasks.add(`${task.dbg}|${name}`);
      const tag = `${name}.chunk=${start / CHUNK}.atom=${index}`;
      const item = { op: { o: "Atomic", vm, atom }, task: child, tag, under } as const;
      engine.redirector.push(pool, tag, item);
      return child;
    });
    const deadlineMs = engine.clock.nowMs + LEAF_TIMEOUT_MS;
    for (const child of children) {
      const error = yield* outcome(site, child, deadlineMs);
      first ??= error;
    }
  }
  if (first !== undefined) throw first;
}

function* outcome({ engine }: Site, child: Task, deadlineMs: number): Run<XenopsError | undefined> {
  const hasEnded = yield* child.finished(deadlineMs);
  if (!hasEnded) {
    engine.tasks.cancel(child);
    engine.tasks.destroy(child);
    return new XenopsError("Internal_error", `Cannot finish task ${child.id}: it has timed out`);
  }
  engine.tasks.destroy(child);
  return child.state[0] === "Failed" ? ERROR.decode(child.state[1]) : undefined;
}
