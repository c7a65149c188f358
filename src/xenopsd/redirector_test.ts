import assert from "node:assert/strict";
import { test } from "node:test";
import type { Operation } from "./operation.ts";
import { Redirector } from "./redirector.ts";
import { Task } from "./task.ts";

function queueOf(...dropped: string[]) {
  const redirector = new Redirector([
    { onQueue: (change, _, tag) => change === "drop" && dropped.push(tag) },
  ]);
  let id = 0;
  const push = (tag: string, op: Operation) =>
    redirector.push("default", tag, { op, tag, task: new Task(`${id++}`, "", 0) });
  const pop = () => {
    const next = redirector.pop("default");
    return next && { tag: next[0], task: next[1].task.id, item: next[1] };
  };
  return { redirector, push, pop, dropped };
}

const pause = (vm: string): Operation => ({ o: "Atomic", vm, atom: { a: "VM_pause", vm } });
const check = (vm: string): Operation => ({ o: "VM_check_state", vm });

test("Redirector.pop() takes one item of each tag in turn, and no tag twice at once", () => {
  const { redirector, push, pop } = queueOf();
  for (const tag of ["a", "a", "b", "c"]) push(tag, pause(tag));
  const first = pop();
  assert.deepEqual([first?.tag, pop()?.tag, pop()?.tag, pop()], ["a", "b", "c", undefined]);
  push("a", pause("a"));
  assert.equal(pop(), undefined);
  assert.ok(first !== undefined);
  redirector.finished("default", "a", first.item);
  const second = pop();
  assert.equal(second?.task, "1");
});

test("Redirector.push() drops a check that stands in the queue already, wherever", () => {
  const { push, pop, dropped } = queueOf();
  push("a", check("a"));
  push("a", pause("a"));
  push("a", check("a"));
  push("a", pause("a"));
  push("a", { o: "VBD_check_state", vm: "a", dev: "xvda" });
  push("a", { o: "VBD_check_state", vm: "a", dev: "xvdb" });
  assert.deepEqual(dropped, ["a"]);
  assert.equal(pop()?.task, "0");
  push("a", check("a"));
  assert.deepEqual(dropped, ["a"], "the one that is being made is not in the queue");
});

test("Redirector.alias() sends items behind what is being worked on, until that is done", () => {
  const { redirector, push, pop } = queueOf();
  assert.equal(redirector.alias("a", "b"), false);
  push("a", pause("a"));
  const first = pop();
  assert.ok(first !== undefined);
  assert.equal(redirector.alias("a", "b"), true);
  push("b", pause("b"));
  assert.equal(pop(), undefined);
  redirector.finished("default", "a", first.item);
  assert.equal(redirector.aliases.size, 0);
  assert.equal(pop()?.tag, "a");
  push("b", pause("b"));
  assert.equal(pop()?.tag, "b");
});
