/**
 * The methods of the service itself: tasks, updates, what it says of itself.
 *
 * Source: xen-api, ocaml/xapi-idl/xen/xenops_interface.ml.
 *
 * @module
 */
import {
  type MethodName,
  type ParamsOf,
  type ResultOf,
  type Task as TaskRecord,
  XenopsError,
} from "../xenops_interface/mod.ts";
import { DEVICE_KINDS } from "./database.ts";
import { diagnostics } from "./diagnostics.ts";
import type { Desk, Handlers } from "./handler.ts";
import { tell } from "./observer.ts";
import type { Task } from "./task.ts";
import { Wait } from "./wait.ts";

type ServiceMethod =
  | "query"
  | "get_diagnostics"
  | Extract<MethodName, `Task.${string}` | `UPDATES.${string}` | `DEBUG.${string}`>;

export const SERVICE_METHODS: Handlers<ServiceMethod> = {
  query: ({ instanceId }) => ({
    name: "xenops",
    vendor: "XCP",
    version: "0.1",
    features: [],
    instance_id: instanceId,
  }),
  get_diagnostics: ({ engine, workers }) => diagnostics(engine, workers),
  "Task.stat": ({ engine }, { id }) => recordOf(engine.tasks.find(id)),
  "Task.list": ({ engine }) => engine.tasks.list().map(recordOf),
  "Task.cancel": ({ engine }, { id }) => done(engine.tasks.cancel(engine.tasks.find(id))),
  "Task.destroy": ({ engine }, { id }) => done(engine.tasks.destroy(engine.tasks.find(id))),
  "Task.destroy_on_finish": ({ engine }, { id }) =>
    done(engine.tasks.destroyOnFinish(engine.tasks.find(id))),
  "UPDATES.get": getUpdates,
  "UPDATES.last_id": ({ engine }) => engine.updates.lastId,
  "UPDATES.inject_barrier": ({ engine }, { vm_id, id }) =>
    done(engine.updates.injectBarrier(id, vm_id)),
  "UPDATES.remove_barrier": ({ engine }, { id }) => done(engine.updates.removeBarrier(id)),
  "UPDATES.refresh_vm": refreshVm,
  "DEBUG.trigger": trigger,
  "DEBUG.shutdown": (desk) => done(desk.exit()),
};

function done(_effect: unknown): null {
  return null;
}

function recordOf(task: Task): TaskRecord {
  return {
    id: task.id,
    dbg: task.dbg,
    ctime: task.ctimeMs / 1000,
    state: task.state,
    subtasks: task.subtasks,
    debug_info: [["cancel_points_seen", `${task.cancelPointsSeen}`]],
    backtrace: "()",
    cancellable: task.cancellable,
  };
}

function* getUpdates({ engine }: Desk, params: ParamsOf<"UPDATES.get">) {
  const { updates, clock, observers } = engine;
  const { last_id: from = 0, timeout } = params;
  const deadlineMs = timeout === undefined ? undefined : clock.nowMs + timeout * 1000;
  for (;;) {
    const found = updates.get(from);
    const timedOut = deadlineMs !== undefined && clock.nowMs >= deadlineMs;
    const reply = found ?? (timedOut ? { barriers: [], ids: [], token: from } : undefined);
    if (reply !== undefined) {
      tell(observers, "onReply", from, reply, found === undefined);
      return [reply.barriers, reply.ids, reply.token] satisfies ResultOf<"UPDATES.get">;
    }
    const wait = new Wait(deadlineMs, true);
    updates.waiting.add(wait);
    try {
      yield wait;
    } finally {
      updates.waiting.delete(wait);
    }
  }
}

/** Everything of the VM is told again. */
function refreshVm({ engine }: Desk, { id }: ParamsOf<"UPDATES.refresh_vm">): null {
  engine.db.signalVm(id);
  for (const kind of DEVICE_KINDS) {
    for (const dev of engine.db.deviceNames(kind, id)) engine.db.signal(kind, id, dev);
  }
  return null;
}

function trigger({ engine }: Desk, { cmd, args }: ParamsOf<"DEBUG.trigger">): null {
  const [first = "", second = ""] = args;
  switch (cmd) {
    case "set-cancel-trigger":
      engine.tasks.setCancelTrigger(first, Number(second));
      return null;
    case "reboot":
      engine.guestEnds(first, 1);
      return null;
    case "halt":
      engine.guestEnds(first, 0);
      return null;
    case "check-vbd-plug-ordering":
      checkPlugOrder(engine.world.hv.dom(first)?.frontends.values() ?? [], (dev) =>
        engine.db.findDevice("vbd", first, dev),
      );
      return null;
    default:
      throw new XenopsError("Unimplemented", cmd);
  }
}

/** What can be written to comes first. */
function checkPlugOrder(
  frontends: Iterable<{ kind: string; dev: string; order: number }>,
  find: (dev: string) => { mode: string } | undefined,
): void {
  const sorted = [...frontends].sort((a, b) => a.order - b.order);
  const modes = sorted.filter(({ kind }) => kind === "vbd").map(({ dev }) => find(dev)?.mode);
  if (modes.lastIndexOf("ReadWrite") < modes.indexOf("ReadOnly") || !modes.includes("ReadOnly")) {
    return;
  }
  if (!modes.includes("ReadWrite")) return;
  throw new XenopsError("Internal_error", "Cannot find VBDs plugged with writable ones first");
}
