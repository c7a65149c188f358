/**
 * A client of a xenopsd: what cases ask for, and what they demand of the answers.
 *
 * @module
 */

import type { XenopsBench, XenopsOptions, XenopsTarget } from "../../harness/facets/xenopsd.ts";
import { check } from "../../harness/mod.ts";
import {
  type DynamicId,
  pciOf,
  type Task,
  type Vbd,
  type VbdState,
  type Vif,
  type VifState,
  type Vm,
  type VmState,
  vbdOf,
  vifOf,
  vmOf,
  XenopsError,
} from "../../src/xenops_interface/mod.ts";

/** An answer of UPDATES.get: barriers, ids, token. */
export type Updates = [[number, DynamicId[]][], DynamicId[], number];

export class Client {
  readonly target: XenopsTarget;

  constructor(target: XenopsTarget) {
    this.target = target;
  }

  call(method: string, params: object = {}): Promise<unknown> {
    return this.target.call(method, params);
  }

  /** The error with which `method` answers, which must have `tag`. */
  async refuses(tag: string, method: string, params: object = {}): Promise<XenopsError> {
    let answer: unknown;
    try {
      answer = await this.call(method, params);
    } catch (error) {
      check(error instanceof XenopsError, `${method} broke: ${error}`);
      check(error.tag === tag, `${method} answers ${error.tag} instead of ${tag}`);
      return error;
    }
    check(false, `${method} answers ${text(answer)} instead of ${tag}`);
  }

  /** Begins an operation, and answers the id of its task. */
  async begin(method: string, params: object): Promise<string> {
    const id = await this.call(method, params);
    check(typeof id === "string", `${method} answers ${text(id)} instead of a task`);
    return id;
  }

  async task(id: string): Promise<Task> {
    return (await this.call("Task.stat", { id })) as Task;
  }

  /** Does an operation to its end. */
  async run(method: string, params: object): Promise<Task> {
    const id = await this.begin(method, params);
    await this.target.settle();
    return await this.task(id);
  }

  /** Does an operation, which must be Completed. */
  async completes(method: string, params: object): Promise<Task> {
    const task = await this.run(method, params);
    check(task.state[0] === "Completed", `${method} ended ${text(task.state)}`);
    return task;
  }

  /** Does an operation, which must fail with `tag`. */
  async fails(tag: string, method: string, params: object): Promise<Task> {
    const task = await this.run(method, params);
    check(errorOf(task) === tag, `${method} ended ${text(task.state)} instead of ${tag}`);
    return task;
  }

  start(id: string): Promise<Task> {
    return this.completes("VM.start", { id, paused: false });
  }

  /** A VM that is Running, with or without devices. */
  async running(id: string, devices: "all" | "none" = "none"): Promise<void> {
    await (devices === "all" ? this.addFull(id) : this.add(id));
    await this.start(id);
    await this.completes("VM.unpause", { id });
  }

  async add(id: string, changes: Partial<Vm> = {}): Promise<void> {
    await this.call("VM.add", { vm: vmOf(id, changes) });
  }

  /** A VM with a disk to write on, one to read only, two network interfaces and a PCI device. */
  async addFull(id: string, changes: Partial<Vm> = {}): Promise<void> {
    await this.add(id, changes);
    await this.call("VBD.add", { vbd: vbdOf(id, "xvdb", { mode: "ReadOnly" }) });
    await this.call("VBD.add", { vbd: vbdOf(id, "xvda") });
    await this.call("VIF.add", { vif: vifOf(id, 1) });
    await this.call("VIF.add", { vif: vifOf(id, 0) });
    await this.call("PCI.add", { pci: pciOf(id, 0) });
  }

  async stat(id: string): Promise<[Vm, VmState]> {
    return (await this.call("VM.stat", { id })) as [Vm, VmState];
  }

  async power(id: string): Promise<string> {
    return (await this.stat(id))[1].power_state;
  }

  async demandPower(id: string, ...wanted: string[]): Promise<void> {
    const found = await this.power(id);
    check(wanted.includes(found), `${id} is ${found} instead of ${wanted.join(" or ")}`);
  }

  async vbds(vm: string): Promise<[Vbd, VbdState][]> {
    return (await this.call("VBD.list", { id: vm })) as [Vbd, VbdState][];
  }

  async vifs(vm: string): Promise<[Vif, VifState][]> {
    return (await this.call("VIF.list", { id: vm })) as [Vif, VifState][];
  }

  async pcis(vm: string): Promise<[{ id: [string, string] }, { plugged: boolean }][]> {
    return (await this.call("PCI.list", { id: vm })) as never;
  }

  async updates(last_id?: number, timeout = 0): Promise<Updates> {
    return (await this.call("UPDATES.get", { last_id, timeout })) as Updates;
  }

  async lastId(): Promise<number> {
    return (await this.call("UPDATES.last_id")) as number;
  }
}

export async function open(bench: XenopsBench, options: XenopsOptions = {}): Promise<Client> {
  return new Client(await bench.open(options));
}

/** The tag of the error with which a task has failed. */
export function errorOf({ state }: Task): string | undefined {
  if (state[0] !== "Failed") return undefined;
  const [, error] = state;
  return Array.isArray(error) ? String(error[0]) : String(error);
}

export function text(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === "bigint" ? `${part}` : part));
}

/** What is longer says no more in a line. */
const TEXT_MAX = 200;

/** Fails unless both show the same. */
export function same(found: unknown, wanted: unknown, what: string): void {
  const [is, should] = [text(found), text(wanted)];
  const clip = (long = "undefined") =>
    long.length > TEXT_MAX ? `${long.slice(0, TEXT_MAX)}...` : long;
  check(is === should, `${what} is ${clip(is)} instead of ${clip(should)}`);
}
