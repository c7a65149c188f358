/**
 * Cases of tasks and of their cancellation.
 *
 * Source: xen-api, doc/content/xenopsd/design/Tasks.md; ocaml/xapi-idl/lib/task_server.ml.
 *
 * @module
 */
import { check } from "../../harness/mod.ts";
import { type Checks, withClient } from "./check_table.ts";
import { same, text } from "./client.ts";
import { TaskBar } from "./task_bar.ts";
import { demandHalted } from "./whole.ts";

const START = { id: "vm", paused: false };
const DELAY = { id: "vm", delay: 5 };

export const TASKS: Checks = {
  T01: withClient(async (client) => {
    await client.addFull("vm");
    await client.begin("VM.delay", DELAY);
    const ids = new Set<string>();
    for (const [method, params] of OPERATIONS) ids.add(await client.begin(method, params));
    same(ids.size, OPERATIONS.length, "the number of tasks");
    await client.target.settle();
  }),

  T02: withClient(async (client) => {
    await client.addFull("vm");
    const from = await client.lastId();
    const id = await client.begin("VM.start", START);
    const bars: string[] = [];
    const bar = new TaskBar();
    const look = async () => {
      const task = await client.task(id);
      bars.push(bar.show(task));
      const [kind, progress] = task.state;
      check(kind !== "Pending" || (progress as number) <= 1, `progress is ${text(progress)}`);
    };
    const { steps } = client.target;
    if (steps === undefined) await client.target.settle();
    else while (steps.step()) await look();
    await look();
    const filled = bars.map((line) => line.lastIndexOf("#"));
    const back = filled.findIndex((length, at) => length < (filled[at - 1] ?? -1));
    check(back === -1, `progress goes from ${bars[back - 1]} to ${bars[back]}`);
    check(steps === undefined || new Set(filled).size > 5, `a client sees only ${bars.at(0)}`);
    const last = bars.at(-1) ?? "";
    check(/^\[#+\] done in \d/.test(last), `a client sees in the end ${last}`);
    const [, ids] = await client.updates(from);
    check(ids.map(text).includes(text(["Task", id])), "nobody is told of the progress");
  }),

  T03: withClient(async (client) => {
    for (const method of ["Task.stat", "Task.cancel", "Task.destroy"]) {
      const error = await client.refuses("Does_not_exist", method, { id: "no-such" });
      same(error.payload, ["task", "no-such"], `what ${method} misses`);
    }
  }),

  T04: withClient(async (client) => {
    await client.add("vm");
    const { id } = await client.start("vm");
    same((await client.task(id)).state[0], "Completed", "the task that is looked at again");
    await client.call("Task.destroy", { id });
    await client.refuses("Does_not_exist", "Task.stat", { id });
    const [, ids] = await client.updates();
    check(!ids.map(text).includes(text(["Task", id])), "the task is still told of");
  }),

  T05: withClient(async (client) => {
    await client.add("vm");
    const id = await client.begin("VM.start", START);
    client.target.steps?.step();
    await client.call("Task.destroy", { id });
    await client.refuses("Does_not_exist", "Task.stat", { id });
    await client.target.settle();
    await client.demandPower("vm", "Paused", "Running");
  }),

  T06: withClient(async (client) => {
    await client.add("vm");
    const early = await client.begin("VM.start", START);
    await client.call("Task.destroy_on_finish", { id: early });
    await client.target.settle();
    await client.refuses("Does_not_exist", "Task.stat", { id: early });
    const { id: late } = await client.completes("VM.unpause", { id: "vm" });
    await client.call("Task.destroy_on_finish", { id: late });
    await client.refuses("Does_not_exist", "Task.stat", { id: late });
  }),

  T07: withClient(async (client) => {
    await client.addFull("vm");
    await client.begin("VM.delay", DELAY);
    const id = await client.begin("VM.start", START);
    await client.call("Task.cancel", { id });
    await client.target.settle();
    same((await client.task(id)).state, ["Failed", ["Cancelled", id]], "the end of the task");
    await demandHalted(client, "vm");
  }),

  T08: withClient(async (client) => {
    await client.add("vm");
    const { id, state } = await client.start("vm");
    await client.call("Task.cancel", { id });
    await client.target.settle();
    same((await client.task(id)).state, state, "the task that was over");
    await client.demandPower("vm", "Paused", "Running");
  }),

  T18: withClient(async (client) => {
    await client.running("vm");
    const { state } = await client.completes("VM.run_script", { id: "vm", script: "exit 0" });
    const { result } = state[1] as { result?: unknown };
    check(/"rc"/.test(text(result) ?? ""), `the result is ${text(result)}`);
  }),
};

/** What can be asked of any VM, however it is. */
const OPERATIONS: readonly (readonly [string, object])[] = [
  ["VM.start", START],
  ["VM.pause", { id: "vm" }],
  ["VM.unpause", { id: "vm" }],
  ["VM.set_vcpus", { id: "vm", vcpus: 1 }],
  ["VM.set_xsdata", { id: "vm", xsdata: [["vm-data/key", "value"]] }],
  ["VM.reboot", { id: "vm" }],
  ["VBD.unplug", { id: ["vm", "xvda"], force: true }],
  ["VBD.plug", { id: ["vm", "xvda"] }],
  ["VIF.unplug", { id: ["vm", "0"], force: true }],
  ["VIF.plug", { id: ["vm", "0"] }],
  ["VIF.set_carrier", { id: ["vm", "0"], carrier: false }],
  ["VM.shutdown", { id: "vm" }],
];
