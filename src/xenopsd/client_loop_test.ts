import assert from "node:assert/strict";
import { test } from "node:test";
import { Xenopsd } from "./mod.ts";
import { Random } from "./random.ts";
import { ask } from "./test_client.ts";
import { addVm } from "./test_vm.ts";

/** Many histories, one after the other. */
const SLOW = { timeout: 120_000 };

type Id = readonly [kind: string, name: string | readonly [string, string]];

const VMS = ["a", "b"];

/** What a client knows by now, only from updates and `stat`. */
class View {
  readonly objects = new Map<string, string>();
  #token = 0;
  readonly #machine: Xenopsd;

  constructor(machine: Xenopsd) {
    this.#machine = machine;
  }

  catchUp(): void {
    const params = { last_id: this.#token, timeout: 0 };
    const reply = ask(this.#machine, "UPDATES.get", params) as [unknown, Id[], number];
    for (const id of reply[1]) this.#look(id);
    this.#token = reply[2];
  }

  #look([kind, id]: Id): void {
    if (kind === "Task") return;
    const key = `${kind} ${id}`;
    try {
      this.objects.set(key, text(ask(this.#machine, `${kind.toUpperCase()}.stat`, { id })));
    } catch {
      this.objects.delete(key);
    }
  }
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, it) => (typeof it === "bigint" ? `${it}` : it));
}

function truth(machine: Xenopsd): Map<string, string> {
  const found = new Map<string, string>();
  for (const id of VMS) {
    found.set(`Vm ${id}`, text(ask(machine, "VM.stat", { id })));
    for (const kind of ["Vbd", "Vif", "Pci"]) {
      const list = ask(machine, `${kind.toUpperCase()}.list`, { id }) as [{ id: string[] }, 0][];
      for (const it of list) found.set(`${kind} ${it[0].id}`, text(it));
    }
  }
  return found;
}

function someCall(random: Random): [method: string, params: Record<string, unknown>] {
  const id = VMS[random.below(VMS.length)] ?? "a";
  const suspend_vdi = ["VDI", `s-${id}`];
  const calls: [string, Record<string, unknown>][] = [
    ["VM.start", { id, paused: false }],
    ["VM.unpause", { id }],
    ["VM.pause", { id }],
    ["VM.reboot", { id }],
    ["VM.shutdown", { id }],
    ["VM.suspend", { id, suspend_vdi }],
    ["VM.resume", { id, suspend_vdi }],
    ["VM.set_vcpus", { id, vcpus: 1 }],
    ["VBD.unplug", { id: [id, "xvda"], force: false }],
    ["VBD.plug", { id: [id, "xvda"] }],
    ["VIF.set_carrier", { id: [id, "0"], carrier: random.below(2) === 0 }],
    ["UPDATES.refresh_vm", { id }],
    ["UPDATES.inject_barrier", { vm_id: id, id: 1 }],
  ];
  return calls[random.below(calls.length)] as [string, Record<string, unknown>];
}

test(
  "a client that only follows updates knows what the server knows, whatever happens",
  SLOW,
  () => {
    for (let seed = 1; seed <= 30; seed++) {
      const random = new Random(seed);
      const machine = new Xenopsd(undefined, { seed });
      const view = new View(machine);
      for (const id of VMS) addVm(machine, id);
      for (let i = 0; i < 40; i++) {
        ask(machine, ...someCall(random));
        for (let steps = random.below(60); steps > 0; steps--) machine.step();
        if (random.below(3) === 0) view.catchUp();
      }
      machine.runUntilIdle();
      view.catchUp();
      assert.deepEqual([...view.objects].sort(), [...truth(machine)].sort(), `seed ${seed}`);
    }
  },
);
