/**
 * What tests ask of a machine.
 *
 * @module
 */
import type { TaskState, VmState } from "../xenops_interface/mod.ts";
import type { Call } from "./call.ts";
import type { World } from "./world.ts";
import type { Xenopsd } from "./xenopsd.ts";

/** What the call has answered. */
export function done(call: Call): unknown {
  if (call.state === "done") return call.result;
  throw call.error ?? new Error(`Cannot see an answer to ${call.method}: it still waits`);
}

/** Calls a method that answers at once. */
export function ask(machine: Xenopsd, method: string, params: Record<string, unknown>): unknown {
  return done(machine.call(method, { debug_info: "client", ...params }));
}

/** Calls a method that is a task, and runs the machine until nothing is left to do. */
export function run(
  machine: Xenopsd,
  method: string,
  params: Record<string, unknown>,
): TaskState | undefined {
  const id = ask(machine, method, params) as string;
  machine.runUntilIdle();
  return machine.isCrashed ? undefined : machine.tasks.find(id).state;
}

export function stateOf(machine: Xenopsd, id: string): VmState {
  return (ask(machine, "VM.stat", { id }) as [unknown, VmState])[1];
}

/** What is wrong with the VM when nothing is going on; undefined is nothing. */
export function flawOf({ hv }: World, machine: Xenopsd, id: string): string | undefined {
  const dom = hv.dom(id);
  if (dom !== undefined) {
    if (!dom.built || !dom.dm) return "half-built";
    if (dom.marker !== undefined) return "marked";
    if (dom.shutdown !== undefined) return "shut down";
    const halfway = [...dom.active].filter((key) => !dom.frontends.has(key));
    if (halfway.length > 0) return `active and not plugged: ${halfway}`;
  }
  const { power_state } = stateOf(machine, id);
  for (const [key, storage] of hv.storage) {
    const isUsed = dom?.frontends.has(`vbd:${storage.dev}`) ?? false;
    if ((storage.attached || storage.activated) && !isUsed) return `${power_state}, holds ${key}`;
  }
  return undefined;
}
