/**
 * Cases of the queues and of the workers behind them.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml (Redirector); ocaml/libs/xapi-work-queues.
 *
 * @module
 */
import type { XenopsQueues } from "../../harness/facets/xenopsd.ts";
import { check } from "../../harness/mod.ts";
import { type Checks, withClient } from "./check_table.ts";
import { type Client, same, text } from "./client.ts";
import { stepsOf } from "./stepping.ts";
import { demandWhole } from "./whole.ts";

const delayOf = (id: string, delay = 1) => ({ id, delay });

export const QUEUES: Checks = {
  Q01: withClient(async (client) => {
    for (const id of ["a", "b"]) await client.addFull(id);
    const steps = stepsOf(client);
    steps.forget();
    for (const id of ["a", "b"]) {
      await client.begin("VM.start", { id, paused: false });
      await client.begin("VM.unpause", { id });
    }
    await client.target.settle();
    const turns = steps.passed.map(({ subject }) => subject[0] ?? "").join("");
    check(/a+b+a/.test(turns) || /b+a+b/.test(turns), "two VMs wait for each other");
    for (const id of ["a", "b"]) {
      const ops = steps.passed.filter(({ subject }) => subject.startsWith(id)).map(({ op }) => op);
      const last = ops.lastIndexOf("VM_start");
      check(!ops.slice(0, last).includes("VM_unpause"), `two operations of ${id} overlap`);
      await client.demandPower(id, "Running");
    }
  }),

  Q02: withClient(async (client) => {
    await client.add("vm");
    const methods = ["VM.start", "VM.unpause", "VM.pause", "VM.unpause", "VM.shutdown", "VM.start"];
    const ids: string[] = [];
    for (const method of methods) ids.push(await client.begin(method, { id: "vm", paused: true }));
    await client.target.settle();
    for (const id of ids) same((await client.task(id)).state[0], "Completed", `task ${id}`);
    await client.demandPower("vm", "Paused", "Running");
  }),

  Q03: withClient(async (client) => {
    await client.running("vm");
    await client.begin("VM.delay", delayOf("vm"));
    begun(client);
    for (let time = 0; time < 5; time++) queuesOf(client).check("Vm", "vm");
    await client.target.settle();
    same(done(client, "VM_check_state"), 1, "the number of checks that were done");
  }),

  Q04: withClient(async (client) => {
    await client.running("vm");
    begun(client);
    queuesOf(client).check("Vm", "vm");
    while (done(client, "VM_check_state") === 0 && stepsOf(client).step());
    queuesOf(client).check("Vm", "vm");
    await client.target.settle();
    same(done(client, "VM_check_state"), 2, "the number of checks that were done");
  }),

  Q05: withClient(async (client) => {
    await client.running("vm", "all");
    await client.begin("VM.delay", delayOf("vm"));
    begun(client);
    for (const device of ["xvda", "xvdb"]) queuesOf(client).check("Vbd", `vm/${device}`);
    const ids = [await client.begin("VM.pause", { id: "vm" })];
    ids.push(await client.begin("VM.pause", { id: "vm" }));
    await client.target.settle();
    same(done(client, "VBD_check_state"), 2, "the number of checks that were done");
    for (const id of ids) same((await client.task(id)).state[0], "Completed", `task ${id}`);
  }),

  Q06: withClient(async (client) => {
    await client.running("vm");
    await client.begin("VM.delay", delayOf("vm"));
    begun(client);
    queuesOf(client).check("Vm", "vm");
    await client.begin("VM.pause", { id: "vm" });
    queuesOf(client).check("Vm", "vm");
    await client.target.settle();
    same(done(client, "VM_check_state"), 1, "the number of checks that were done");
  }),

  Q07: withClient(
    async (client) => {
      for (const id of ["a", "b"]) await client.add(id);
      for (let turn = 0; turn < 100; turn++) await client.begin("VM.delay", delayOf("a", 0));
      begun(client);
      await client.begin("VM.delay", delayOf("b", 0));
      await client.target.settle();
      const turns = queuesOf(client).events.filter(({ change }) => change === "pop");
      const waited = turns.findIndex(({ tag }) => tag === "b");
      check(waited !== -1 && waited <= 2, `b is served after ${waited} turns`);
    },
    { poolSize: 1 },
  ),

  Q08: withClient(
    async (client) => {
      await client.addFull("vm");
      await client.start("vm");
      await demandWhole(client, "vm");
    },
    { poolSize: 1 },
  ),

  Q09: withClient(async (client) => {
    const names = [..."abcdefgh"];
    for (const id of names) await client.addFull(id);
    const ids: string[] = [];
    for (const id of names) ids.push(await client.begin("VM.start", { id, paused: false }));
    for (const pool_size of [1, 6, 2]) {
      for (let step = 0; step < 50; step++) stepsOf(client).step();
      await client.call("HOST.set_worker_pool_size", { pool_size });
    }
    await client.target.settle();
    for (const id of ids) same((await client.task(id)).state[0], "Completed", `task ${id}`);
    for (const id of names) await demandWhole(client, id);
  }),

  Q10: withClient(async (client) => {
    await client.running("vm");
    await client.add("other");
    const queues = queuesOf(client);
    begun(client);
    await client.begin("VM.delay", delayOf("vm"));
    while (done(client, "VM_delay") === 0 && stepsOf(client).step());
    queues.alias("vm", "other");
    await client.begin("VM.delay", delayOf("other"));
    same(pushed(client), "vm", "the queue of what was asked of an alias");
    await client.target.settle();
    await client.begin("VM.delay", delayOf("other"));
    same(pushed(client), "other", "the queue after the alias has gone");
    await client.target.settle();
    queues.alias("vm", "other");
    await client.begin("VM.delay", delayOf("other"));
    same(pushed(client), "other", "the queue of an alias of a VM that is idle");
  }),

  Q11: withClient(async (client) => {
    await client.add("vm");
    await client.begin("VM.delay", delayOf("vm", 5));
    await client.begin("VM.start", { id: "vm", paused: false });
    for (let step = 0; step < 3; step++) client.target.steps?.step();
    const answer = await client.call("get_diagnostics", { unit: null });
    check(typeof answer === "string", "the diagnostics are no text");
    const shown = JSON.parse(answer) as Record<string, unknown>;
    for (const key of ["queues", "workers", "scheduler", "updates", "tasks", "vm_actions"]) {
      check(key in shown, `the diagnostics have no ${key}`);
    }
    check(text(shown.queues).includes("vm"), `the queues are ${text(shown.queues)}`);
    await client.target.settle();
  }),

  Q12: withClient(async (client) => {
    const vgpu = (vm: string) => ({
      id: [vm, "0"] as const,
      position: 0,
      physical_pci_address: { domain: 0, bus: 1, dev: 0, fn: 0 },
      implementation: ["MxGPU", MXGPU],
    });
    for (const id of ["a", "b"]) {
      await client.add(id);
      await client.call("VGPU.add", { vgpu: vgpu(id) });
    }
    stepsOf(client).forget();
    for (const id of ["a", "b"]) await client.begin("VM.start", { id, paused: false });
    await client.target.settle();
    const turns = stepsOf(client)
      .passed.map(({ subject }) => subject[0] ?? "")
      .join("");
    check(/^(a+b+|b+a+)$/.test(turns), `two VMs with MxGPU take turns: ${turns}`);
  }),
};

const MXGPU = { physical_function: undefined, vgpus_per_pgpu: 1n, framebufferbytes: 0n };

function queuesOf({ target }: Client): XenopsQueues {
  return target.queues as XenopsQueues;
}

/** Counts from here. */
function begun(client: Client): void {
  stepsOf(client).forget();
}

/** How many operations called `op` a worker has taken. */
function done(client: Client, op: string): number {
  return queuesOf(client).events.filter((one) => one.change === "pop" && one.op === op).length;
}

/** The queue of what was asked last. */
function pushed(client: Client): string | undefined {
  return queuesOf(client).events.findLast(({ change }) => change === "push")?.tag;
}
