/**
 * Cases of cancellation at every point of an operation.
 *
 * Source: xen-api, doc/content/xenopsd/design/Tasks.md; ocaml/xapi-idl/lib/task_server.ml.
 *
 * @module
 */
import { check } from "../../harness/mod.ts";
import { type Task, vbdOf } from "../../src/xenops_interface/mod.ts";
import { type Checks, withClient } from "./check_table.ts";
import { type Client, errorOf, same, text } from "./client.ts";
import { demandSound } from "./sound.ts";
import { stepsOf } from "./stepping.ts";
import { demandHalted } from "./whole.ts";

const START = { id: "vm", paused: false };
const DELAY = { id: "vm", delay: 5 };

export const CANCEL: Checks = {
  T09: async (bench) => {
    for (let at = 1, seen = 1; at <= seen; at++) {
      await withClient(async (client) => {
        await client.addFull("vm");
        await trigger(client, at);
        const task = await client.run("VM.start", START);
        const end = errorOf(task) ?? task.state[0];
        const wanted = ["Cancelled", "Completed"].includes(end);
        check(wanted, `a start that is cancelled at point ${at} ends ${text(task.state)}`);
        if (end === "Cancelled") seen = Math.max(seen, at + 1);
        await demandSound(client, "vm", `after a cancellation at point ${at}`);
      })(bench);
      check(at < 1000, "a start has no end of points");
    }
  },

  T10: async (bench) => {
    for (const leaf of ["VM_build", "VBD_plug", "VIF_plug", "VM_hook_script"]) {
      await withClient(async (client) => {
        await client.addFull("vm");
        stepsOf(client).arm((point) => point.leaf === leaf, { kind: "hang" });
        const id = await client.begin("VM.start", START);
        for (let step = 0; step < 1000 && stepsOf(client).struck === undefined; step++) {
          stepsOf(client).step();
        }
        check(stepsOf(client).struck !== undefined, `a start has no ${leaf}`);
        await client.call("Task.cancel", { id });
        await client.target.settle();
        const { state } = await client.task(id);
        check(state[0] !== "Pending", `a start that hangs in ${leaf} is not over`);
        await demandSound(client, "vm", `after ${leaf} had hung`);
      })(bench);
    }
  },

  T11: withClient(async (client) => {
    for (const id of ["vm", "other"]) await client.add(id);
    await client.call("DEBUG.trigger", { cmd: "set-cancel-trigger", args: ["elsewhere", "1"] });
    await client.start("vm");
    await trigger(client, 1);
    await client.fails("Cancelled", "VM.start", { id: "other", paused: false });
    await client.start("other");
  }),

  T12: withClient(async (client) => {
    await client.add("vm");
    const id = await delayed(client);
    let calls = 0;
    stepsOf(client).onCancel(id, () => {
      calls++;
      throw new Error("a callback that throws");
    });
    await client.call("Task.cancel", { id });
    await client.target.settle();
    same(calls, 1, "the number of calls");
    same((await client.task(id)).state, ["Failed", ["Cancelled", id]], "the end of the task");
  }),

  T13: withClient(async (client) => {
    await client.add("vm");
    await client.begin("VM.delay", DELAY);
    const id = await client.begin("VM.delay", DELAY);
    await client.call("Task.cancel", { id });
    let calls = 0;
    const end = stepsOf(client).underCancel(id, () => {
      calls++;
    });
    same([end, calls], ["Cancelled", 1], "the end of a step that is cancelled already, and calls");
    await client.target.settle();
  }),

  T14: withClient(async (client) => {
    await client.add("vm");
    const id = await delayed(client);
    const steps = stepsOf(client);
    const before = steps.now;
    while (steps.now === before && steps.step());
    await client.call("Task.cancel", { id });
    await client.target.settle();
    same((await client.task(id)).state[0], "Completed", "a task that is cancelled when it is over");
  }),

  T15: withClient(async (client) => {
    await client.running("vm", "all");
    const suspend = { id: "vm", suspend_vdi: ["Local", "/image"] };
    const id = await client.begin("VM.suspend", suspend);
    let task: Task = await client.task(id);
    while (task.cancellable && stepsOf(client).step()) task = await client.task(id);
    check(!task.cancellable && task.state[0] === "Pending", "a save can always be cancelled");
    const [, ids] = await client.updates();
    check(ids.map(text).includes(text(["Task", id])), "nobody is told that it cannot be cancelled");
    await client.call("Task.cancel", { id });
    await client.target.settle();
    same((await client.task(id)).state[0], "Completed", "the end of the save");
    await client.demandPower("vm", "Suspended");
  }),

  T16: withClient(async (client) => {
    await client.add("vm");
    for (const name of ["xvda", "xvdb"]) await client.call("VBD.add", { vbd: vbdOf("vm", name) });
    const steps = stepsOf(client);
    steps.forget();
    const id = await client.begin("VM.start", START);
    while (!steps.passed.some(({ leaf }) => leaf === "VBD_plug") && steps.step());
    await client.call("Task.cancel", { id });
    await client.target.settle();
    same((await client.task(id)).state, ["Failed", ["Cancelled", id]], "the end of the start");
    for (const subject of ["vm/xvda", "vm/xvdb"]) {
      const isOver = steps.passed.some(
        (point) =>
          point.leaf === "VBD_plug" && point.subject === subject && point.phase === "after",
      );
      check(isOver, `the plug of ${subject} did not end`);
    }
    await demandHalted(client, "vm");
  }),

  T17: withClient(async (client) => {
    await client.addFull("vm");
    const steps = stepsOf(client);
    steps.arm(({ leaf }) => leaf === "VM_create_device_model", {
      kind: "fail",
      tag: "IO_error",
      payload: "",
    });
    const id = await client.begin("VM.start", START);
    while (steps.struck === undefined && steps.step());
    steps.step();
    await client.call("Task.cancel", { id });
    await client.target.settle();
    same(errorOf(await client.task(id)), "IO_error", "the end of the start");
    await demandHalted(client, "vm");
  }),
};

/** A task that has begun to wait. */
async function delayed(client: Client): Promise<string> {
  const id = await client.begin("VM.delay", DELAY);
  const steps = stepsOf(client);
  steps.forget();
  while (!steps.passed.some(({ leaf }) => leaf === "VM_delay") && steps.step());
  steps.step();
  return id;
}

/** The next task of the cases is cancelled at its point `at`. */
async function trigger(client: Client, at: number): Promise<void> {
  await client.call("DEBUG.trigger", { cmd: "set-cancel-trigger", args: ["cases", `${at}`] });
}
