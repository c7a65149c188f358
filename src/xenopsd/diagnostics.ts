/**
 * What the process looks like inside, as a JSON text.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml (Diagnostics).
 *
 * @module
 */
import {
  DYNAMIC_ID,
  RpcDict,
  type RpcValue,
  TASK_STATE,
  writeJson,
} from "../xenops_interface/mod.ts";
import { requestOf } from "./check_state.ts";
import type { Engine } from "./engine.ts";
import type { WorkItem } from "./work_item.ts";
import type { Workers } from "./workers.ts";

export function diagnostics(engine: Engine, workers: Workers): string {
  return writeJson(
    dict({
      queues: queues(engine),
      workers: workers.all.map(({ state, item }) =>
        item === undefined
          ? dict({ state })
          : dict({ state: `Processing ${item.op.o}`, task: item.task.id }),
      ),
      scheduler: dict({ nowMs: BigInt(Math.floor(engine.clock.nowMs)) }),
      updates: dict({
        next: BigInt(engine.updates.next),
        updates: [...engine.updates.changes.values()].map(({ id, time }) =>
          dict({ id: DYNAMIC_ID.encode(id), time: BigInt(time) }),
        ),
        barriers: engine.updates.barriers.map(({ id, vm }) => dict({ id: BigInt(id), vm })),
      }),
      tasks: engine.tasks
        .list()
        .map(({ id, dbg, state }) => dict({ id, dbg, state: TASK_STATE.encode(state) })),
      vm_actions: actions(engine),
    }),
  );
}

function queues({ redirector }: Engine): RpcValue {
  const dump = (tag: string, items: readonly WorkItem[]) =>
    dict({ tag, works: items.map(({ op, task }) => dict({ op: op.o, task: task.id })) });
  const waiting = [...redirector.pools.values()].flatMap(({ queues }) => [...queues]);
  return [...waiting, ...redirector.overrides].map(([tag, items]) => dump(tag, items));
}

function actions(engine: Engine): RpcValue {
  const entries = engine.db.vms().map((vm): [string, RpcValue] => {
    const request = engine.world.hv.dom(vm) === undefined ? undefined : requestOf(engine, vm);
    return [vm, request ?? "none"];
  });
  return new RpcDict(entries);
}

function dict(fields: Readonly<Record<string, RpcValue>>): RpcDict {
  return new RpcDict(Object.entries(fields));
}
