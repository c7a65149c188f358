import assert from "node:assert/strict";
import { test } from "node:test";
import type { VmState } from "../xenops_interface/mod.ts";
import { addVm } from "./fixture.ts";
import { Xenopsd } from "./mod.ts";
import { done } from "./test_client.ts";

const debug_info = "client";

test("VM.start leaves the VM as the walk-through promises", () => {
  const machine = new Xenopsd();
  const leaves: string[] = [];
  machine.observe({
    onPoint: ({ phase, leaf, subject }) => {
      if (phase === "before") leaves.push(`${leaf} ${subject}`);
    },
  });
  addVm(machine, "v");
  leaves.length = 0;
  const task = done(machine.call("VM.start", { debug_info, id: "v", paused: false }));
  machine.runUntilIdle();
  const { state } = machine.tasks.find(task as string);
  assert.deepEqual(state, ["Completed", { duration: 0, result: undefined }]);
  const [, vm] = done(machine.call("VM.stat", { debug_info, id: "v" })) as [unknown, VmState];
  assert.equal(vm.power_state, "Paused");
  assert.deepEqual(vm.domids, [1]);
  assert.equal(vm.consoles.length, 2);
  assert.equal(vm.last_start_time, 1_767_225_600);
  assert.equal(vm.memory_target, 1n << 30n);
  assert.equal(vm.vcpu_target, 2);
  for (const method of ["VBD.list", "VIF.list"]) {
    const list = done(machine.call(method, { debug_info, id: "v" })) as [unknown, unknown][];
    assert.equal(list.length, 2);
    for (const [, it] of list) {
      const { active, plugged } = it as Record<string, unknown>;
      assert.deepEqual({ active, plugged }, { active: true, plugged: true });
    }
  }
  assert.equal(leaves[0], "VM_hook_script v");
  assert.equal(leaves[1], "VM_create v");
  assert.equal(leaves.at(-1), "VM_set_domain_action_request v");
  assert.ok(leaves.indexOf("VBD_plug v/xvda") < leaves.indexOf("VBD_plug v/xvdb"), `${leaves}`);
  assert.ok(leaves.indexOf("PCI_plug v/0000:00:02.0") > leaves.indexOf("VM_create_device_model v"));
});

test("VM.start that is struck at any step point is mended by the next process", () => {
  const base = new Xenopsd();
  addVm(base, "v");
  const prior = base.world;
  const ends = new Map<string, number>();
  for (let crashAt = 0; ; crashAt++) {
    const world = prior.fork();
    const machine = new Xenopsd(world, { faults: { crashAt } });
    machine.call("VM.start", { debug_info, id: "v", paused: false });
    machine.runUntilIdle();
    if (!machine.isCrashed) break;
    const next = new Xenopsd(world);
    next.runUntilIdle();
    const [, { power_state }] = done(next.call("VM.stat", { debug_info, id: "v" })) as [
      unknown,
      VmState,
    ];
    ends.set(power_state, (ends.get(power_state) ?? 0) + 1);
    const dom = world.hv.dom("v");
    if (power_state === "Halted") {
      assert.equal(dom, undefined);
      const held = [...world.hv.storage.values()].filter((it) => it.attached || it.activated);
      assert.deepEqual(held, [], `crash at ${crashAt}`);
    } else {
      assert.ok(dom?.built && dom.dm && dom.marker === undefined, `crash at ${crashAt}`);
      assert.equal(dom.frontends.size, 5);
    }
  }
  assert.deepEqual([...ends.keys()].sort(), ["Halted", "Paused"]);
});
