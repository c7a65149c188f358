/**
 * Calls of a client that waits for what it has asked for.
 *
 * @module
 */
import { ERROR, type TaskState, XenopsError } from "../../../src/xenops_interface/mod.ts";
import type { Xenopsd } from "../../../src/xenopsd/mod.ts";
import { VM_ID } from "./guests.ts";

/** The answer of a call; its error is thrown. */
export function ask(machine: Xenopsd, method: string, params: Record<string, unknown>): unknown {
  const call = machine.call(method, { debug_info: "client", ...params });
  if (call.state === "waiting") machine.runUntilIdle();
  if (call.state === "done") return call.result;
  throw call.error ?? new XenopsError("Internal_error", `${method} does not answer`);
}

/** Waits for the end of the task that a call answers with; its failure is thrown. */
export function perform(machine: Xenopsd, method: string, params: Record<string, unknown>): void {
  const id = ask(machine, method, params);
  machine.runUntilIdle();
  finish(machine, id);
}

/** Looks how a task has ended, and destroys it; its failure is thrown. */
export function finish(machine: Xenopsd, id: unknown): void {
  const { state } = ask(machine, "Task.stat", { id }) as { state: TaskState };
  ask(machine, "Task.destroy", { id });
  if (state[0] === "Failed") throw ERROR.decode(state[1]);
}

/** What a client asks of a live migration: nothing renamed on the way, nothing compressed. */
export function migrationTo(url: string): Record<string, unknown> {
  const maps = { vdi_map: [], vif_map: [], pci_map: [] };
  const flags = { compress: false, verify_dest: false, localhost_migration: false };
  return { id: VM_ID, xenops_url: url, ...maps, ...flags };
}
