import assert from "node:assert/strict";
import { test } from "node:test";
import { Xenopsd } from "./mod.ts";
import { ask, run, stateOf } from "./test_client.ts";
import { addVm } from "./test_vm.ts";

test("VM.start leaves the VM as the walk-through promises", () => {
  const machine = new Xenopsd();
  const leaves: string[] = [];
  machine.observe({
    onPoint: ({ phase, leaf, subject }) => {
      if (phase === "before") leaves.push(`${leaf} ${subject}`);
    },
  });
  const gib = 1n << 30n;
  addVm(machine, "v", { memory_static_max: gib, memory_dynamic_max: gib, memory_dynamic_min: gib });
  leaves.length = 0;
  const state = run(machine, "VM.start", { id: "v", paused: false });
  assert.deepEqual(state, ["Completed", { duration: 0, result: undefined }]);
  const vm = stateOf(machine, "v");
  assert.equal(vm.power_state, "Paused");
  assert.deepEqual(vm.domids, [1]);
  assert.equal(vm.consoles.length, 2);
  assert.equal(vm.last_start_time, 1_767_225_600);
  assert.equal(vm.memory_target, 1n << 30n);
  assert.equal(vm.vcpu_target, 2);
  for (const method of ["VBD.list", "VIF.list"]) {
    const list = ask(machine, method, { id: "v" }) as [unknown, Record<string, unknown>][];
    assert.equal(list.length, 2);
    for (const [, { active, plugged }] of list) {
      assert.deepEqual({ active, plugged }, { active: true, plugged: true });
    }
  }
  assert.equal(leaves[0], "VM_hook_script v");
  assert.equal(leaves[1], "VM_create v");
  assert.equal(leaves.at(-1), "VM_set_domain_action_request v");
  assert.ok(leaves.indexOf("VBD_plug v/xvda") < leaves.indexOf("VBD_plug v/xvdb"), `${leaves}`);
  assert.ok(leaves.indexOf("PCI_plug v/0000:00:02.0") > leaves.indexOf("VM_create_device_model v"));
});

test("VM.start of a VM that is not halted fails and changes nothing", () => {
  const machine = new Xenopsd();
  addVm(machine, "v");
  run(machine, "VM.start", { id: "v", paused: false });
  let changes = 0;
  machine.observe({ onDom: () => changes++, onFs: () => changes++, onStorage: () => changes++ });
  const state = run(machine, "VM.start", { id: "v", paused: false });
  assert.deepEqual(state, ["Failed", ["Bad_power_state", ["Paused", "Halted"]]]);
  assert.equal(changes, 0);
});
