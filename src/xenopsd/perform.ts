/**
 * How an operation is done: power state, atoms one after the other, cleanup behind a failure.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml (perform, perform_atomics).
 *
 * @module
 */
import type { TaskState } from "../xenops_interface/mod.ts";
import { hang } from "./blocking_leaves.ts";
import { deviceRemedies, vmRemedies } from "./check_state.ts";
import { checksAfter } from "./cleanup.ts";
import { decompose } from "./decompose.ts";
import type { Result } from "./engine.ts";
import { importVm } from "./import_vm.ts";
import { bodyOf } from "./leaf_table.ts";
import { migrateVm } from "./migrate.ts";
import { tell } from "./observer.ts";
import type { Atomic, Leaf, Operation } from "./operation.ts";
import { receiveVm } from "./receive.ts";
import { removeVm } from "./remove_vm.ts";
import { performSide } from "./side.ts";
import { signalAfter } from "./signals.ts";
import { Site } from "./site.ts";
import type { Run } from "./step_point.ts";
import { Task } from "./task.ts";
import { verifyPowerState } from "./verify.ts";

/** Cleanups within cleanups; what fails every time would never come to an end. */
const DEPTH_MAX = 6;

/** The whole operation. `name` is that of the one that it is a part of. */
export function* performOperation(site: Site, op: Operation, name: string = op.o): Run<Result> {
  const { point } = site;
  const outer = point.op;
  point.op = name;
  verifyPowerState(site.engine, op);
  try {
    return yield* performParts(site, op);
  } catch (error) {
    const checks = site.depth < DEPTH_MAX ? checksAfter(op, site.engine) : [];
    for (const check of checks) yield* attempt(site, check);
    throw error;
  } finally {
    point.op = outer;
  }
}

function* performParts(site: Site, op: Operation): Run<Result> {
  const { engine } = site;
  const { vm } = op;
  switch (op.o) {
    case "VM_check_state":
      for (const part of vmRemedies(engine, vm, site.depth > 0)) yield* immediate(site, part);
      engine.db.signalVm(vm);
      return;
    case "VBD_check_state":
    case "VIF_check_state":
    case "PCI_check_state":
    case "VUSB_check_state":
      return yield* performAtomics(site, deviceRemedies(engine, op));
    case "VM_remove":
      return yield* removeVm(site, vm);
    case "VM_migrate":
      return yield* migrateVm(site, op, (atoms) => performAll(site, atoms));
    case "VM_receive_memory":
      return yield* receiveVm(site, op, (atoms) => performAll(site, atoms));
    case "VM_import_metadata":
      return yield* importVm(site, op.metadata);
    case "VM_reboot":
      engine.rebooting.add(vm);
      try {
        return yield* performAtomics(site, decompose(op, engine.db, engine.quirks));
      } finally {
        engine.rebooting.delete(vm);
        engine.db.signalVm(vm);
      }
    case "Atomic":
      return yield* performAtomics(site, [op.atom]);
    default: {
      const result = yield* performAtomics(site, decompose(op, engine.db, engine.quirks));
      engine.db.signalVm(vm);
      return result;
    }
  }
}

/** Inline, with a task of its own that nobody sees and nobody can cancel. */
function* immediate(site: Site, op: Operation): Run<Result> {
  const { engine, point, depth } = site;
  const task = new Task(site.task.id, site.task.dbg, engine.clock.nowMs);
  return yield* performOperation(new Site(engine, task, point, depth + 1), op);
}

/** What a cleanup fails with is no matter of who waits for the operation. */
function* attempt(site: Site, op: Operation): Run<void> {
  try {
    yield* immediate(site, op);
  } catch {
    // The first error is the one that the client has to see.
  }
}

/** One after the other, as a part of something that says itself how far it is. */
function* performAll(site: Site, atoms: readonly Atomic[]): Run<void> {
  site.leaves = numberLeaves(atoms, site.leaves);
  for (const atom of atoms) yield* performAtom(site, atom);
}

/** One after the other; the task tells how far it is. */
function* performAtomics(site: Site, atoms: readonly Atomic[]): Run<Result> {
  const total = atoms.reduce((sum, atom) => sum + weightOf(atom), 0);
  site.leaves = numberLeaves(atoms, site.leaves);
  let done = 0;
  let result: Result;
  for (const atom of atoms) {
    result = (yield* performAtom(site, atom)) ?? result;
    done += weightOf(atom);
    if (site.task.isKnown) site.engine.tasks.progress(site.task, done / total);
  }
  return result;
}

function* performAtom(site: Site, atom: Atomic): Run<Result> {
  const { task } = site;
  const { observers } = site.engine;
  task.checkCancelling();
  if (observers.length > 0) tell(observers, "onAtom", "begin", task, atom);
  try {
    const result = yield* performAny(site, atom);
    if (observers.length > 0) tell(observers, "onAtom", "end", task, atom);
    return result;
  } catch (error) {
    tell(observers, "onAtom", "failed", task, atom, error);
    throw error;
  }
}

function* performAny(site: Site, atom: Atomic): Run<Result> {
  if ("a" in atom) return yield* performLeaf(site, atom);
  if ("side" in atom) return yield* performSide(site, atom);
  if ("best" in atom) {
    try {
      return yield* performAtom(site, atom.best);
    } catch {
      return;
    }
  }
  let result: Result;
  for (const part of atom.serial) result = (yield* performAtom(site, part)) ?? result;
  return result;
}

function* performLeaf(site: Site, leaf: Leaf): Run<Result> {
  const { engine, point } = site;
  const subject = "dev" in leaf ? `${leaf.vm}/${leaf.dev}` : leaf.vm;
  const started = engine.clock.nowMs;
  yield site.before(leaf.n ?? 0, leaf.a, subject);
  const isHung = engine.hung.delete(point);
  try {
    if (isHung) yield* hang(site, leaf, engine.faults.hang?.stuck ?? false);
    const body = bodyOf(site, leaf);
    const result = isRun(body) ? yield* body : (body ?? undefined);
    yield site.after();
    return result;
  } finally {
    signalAfter(engine, leaf);
    noteSubtask(site, leaf.a, started);
  }
}

function noteSubtask({ task, engine }: Site, name: string, startedMs: number): void {
  const duration = (engine.clock.nowMs - startedMs) / 1000;
  const state: TaskState = ["Completed", { duration }];
  task.subtasks.push([name, state]);
}

function isRun(body: unknown): body is Run<Result> {
  return typeof body === "object" && body !== null && "next" in body;
}

function weightOf(atom: Atomic): number {
  return "a" in atom && (atom.a === "VM_save" || atom.a === "VM_restore") ? 10 : 1;
}

/** Each leaf learns its place among all leaves of the operation. */
function numberLeaves(atoms: readonly Atomic[], first: number): number {
  let next = first;
  for (const atom of atoms) {
    if ("a" in atom) atom.n ??= next++;
    else if ("best" in atom) next = numberLeaves([atom.best], next);
    else next = numberLeaves("side" in atom ? atom.atoms : atom.serial, next);
  }
  return next;
}
