import assert from "node:assert/strict";
import { test } from "node:test";
import { XenopsError } from "../xenops_interface/mod.ts";
import { type FaultPlan, Network, type Release, VirtualClock, World, Xenopsd } from "./mod.ts";
import { ask, flawOf, run, stateOf } from "./test_client.ts";
import { addVm, emptyVgpu } from "./test_vm.ts";

/** Runs of a machine at each of its step points. */
const SLOW = { timeout: 120_000 };

const ID = "7b719ce6-0b17-9733-e8ee-dbc1e6e7b701";
const LEFT = `${ID.slice(0, 24)}000000000000`;
const COME = `${ID.slice(0, 24)}000000000001`;
const [HERE, THERE] = ["http://here", "http://there"];

function migrateParams(fields = {}) {
  const maps = { vdi_map: [], vif_map: [], pci_map: [] };
  const flags = { compress: false, verify_dest: false, localhost_migration: false };
  return { id: ID, ...maps, xenops_url: THERE, ...flags, ...fields };
}

interface Options {
  readonly sender?: FaultPlan;
  readonly receiver?: FaultPlan;
  readonly release?: Partial<Release>;
  readonly worlds?: readonly [World, World];
  readonly seed?: number;
}

/** A VM that runs on the first of two hosts. */
function pair({ sender = {}, receiver = {}, release = {}, worlds, seed = 1 }: Options = {}) {
  const network = new Network(new VirtualClock(), seed);
  const from = worlds?.[0].fork() ?? runningWorld();
  const to = worlds?.[1].fork() ?? new World();
  const here = new Xenopsd(from, { network, url: HERE, faults: sender, release });
  const there = new Xenopsd(to, { network, url: THERE, faults: receiver, seed: 2 });
  network.runUntilIdle();
  return { network, from, to, here, there };
}

function runningWorld(withVgpu = false): World {
  const machine = new Xenopsd();
  addVm(machine, ID);
  if (withVgpu) ask(machine, "VGPU.add", { vgpu: emptyVgpu(ID) });
  assert.equal(run(machine, "VM.start", { id: ID, paused: false })?.[0], "Completed");
  run(machine, "VM.unpause", { id: ID });
  return machine.world;
}

function migrate({ network, here }: ReturnType<typeof pair>, fields = {}) {
  const id = ask(here, "VM.migrate", migrateParams(fields)) as string;
  network.runUntilIdle();
  return here.isCrashed ? undefined : here.tasks.find(id).state;
}

test("VM.migrate moves a running VM, and nothing of it stays", () => {
  const hosts = pair();
  const before = hosts.from.hv.dom(ID)?.guestRam;
  assert.deepEqual(migrate(hosts)?.[0], "Completed");
  assert.deepEqual([...hosts.from.hv.doms], []);
  assert.deepEqual([...hosts.from.fs.files()], []);
  assert.equal(stateOf(hosts.there, ID).power_state, "Running");
  assert.equal(flawOf(hosts.to, hosts.there, ID), undefined);
  assert.deepEqual(hosts.to.hv.dom(ID)?.guestRam, before);
  assert.deepEqual(hosts.to.fs.ls(["VM"]), [ID]);
  assert.equal(hosts.to.hv.dom(ID)?.frontends.size, 5);
});

test("VM.migrate to its own host, with one worker in each pool, ends", () => {
  const network = new Network(new VirtualClock());
  const world = runningWorld();
  const machine = new Xenopsd(world, { network, url: HERE, poolSize: 1 });
  network.runUntilIdle();
  const before = world.hv.dom(ID)?.domid;
  const hosts = { network, here: machine, there: machine, from: world, to: world };
  assert.equal(migrate(hosts, { xenops_url: HERE, localhost_migration: true })?.[0], "Completed");
  assert.deepEqual(world.fs.ls(["VM"]), [ID]);
  assert.equal(stateOf(machine, ID).power_state, "Running");
  assert.notEqual(world.hv.dom(ID)?.domid, before);
});

test("VM.migrate struck at either host leaves one VM that can run, or none", SLOW, () => {
  const worlds = [runningWorld(), new World()] as const;
  for (const side of ["sender", "receiver"] as const) {
    const clean = pair({ worlds });
    const machine = side === "sender" ? clean.here : clean.there;
    const first = machine.points;
    migrate(clean);
    const ends = new Set<string>();
    for (let crashAt = first; crashAt < machine.points; crashAt++) {
      const hosts = pair({ worlds, [side]: { crashAt } });
      migrate(hosts);
      const where = `${side} at ${crashAt}`;
      const machines = side === "sender" ? [hosts.from, hosts.to] : [hosts.to, hosts.from];
      const next = new Xenopsd(machines[0], { network: hosts.network, seed: 3 });
      hosts.network.runUntilIdle();
      next.runUntilIdle();
      const doms = machines.flatMap(({ hv }) => [...hv.doms.values()]);
      assert.ok(doms.length <= 1, `${where}: ${doms.length} domains`);
      for (const world of machines) {
        for (const vm of [LEFT, COME]) {
          assert.ok(!world.fs.has(["VM", vm, "config"]), `${where}: ${vm} is left`);
        }
        const held = [...world.hv.storage.values()].filter((it) => it.attached || it.activated);
        if (world.hv.doms.size === 0) assert.deepEqual(held, [], where);
      }
      ends.add(doms.length === 0 ? "off" : doms[0]?.paused ? "paused" : "running");
    }
    assert.deepEqual([...ends].sort(), ["off", "running"], side);
  }
});

test(
  "VM.migrate that fails anywhere leaves one whole VM, or none, and no temporary id",
  SLOW,
  () => {
    const error = new XenopsError("IO_error");
    const worlds = [runningWorld(), new World()] as const;
    for (const side of ["sender", "receiver"] as const) {
      for (let at = 0; ; at++) {
        const hosts = pair({ worlds, [side]: { failAt: { at, error } } });
        let unpaused = 0;
        const onStep = () => {
          const doms = [...hosts.from.hv.doms.values(), ...hosts.to.hv.doms.values()];
          unpaused = Math.max(unpaused, doms.filter(({ paused }) => !paused).length);
        };
        hosts.here.observe({ onStep });
        hosts.there.observe({ onStep });
        const state = migrate(hosts);
        const where = `${side} at ${at}`;
        assert.notEqual(state?.[0], "Pending", where);
        assert.ok(unpaused <= 1, `${where}: two domains ran at once`);
        const doms = [...hosts.from.hv.doms.values(), ...hosts.to.hv.doms.values()];
        assert.ok(doms.length <= 1, where);
        for (const { uuid, marker, shutdown, frontends } of doms) {
          assert.deepEqual([uuid, marker, shutdown, frontends.size], [ID, undefined, undefined, 5]);
        }
        for (const world of [hosts.from, hosts.to]) {
          const others = world.fs.ls(["VM"]).filter((vm) => vm !== ID);
          assert.deepEqual(others, [], where);
        }
        if ((side === "sender" ? hosts.here : hosts.there).points <= at) break;
      }
    }
  },
);

test("VM.migrate cancelled anywhere leaves the VM running on one host, or off", SLOW, () => {
  const worlds = [runningWorld(), new World()] as const;
  const clean = pair({ worlds });
  const first = clean.here.points;
  migrate(clean);
  for (let cancelAt = first; cancelAt < clean.here.points; cancelAt++) {
    const hosts = pair({ worlds, sender: { cancelAt } });
    const state = migrate(hosts);
    assert.ok(state !== undefined && state[0] !== "Pending", `at ${cancelAt}`);
    const doms = [...hosts.from.hv.doms.values(), ...hosts.to.hv.doms.values()];
    assert.equal(doms.length, 1, `at ${cancelAt}`);
    assert.equal(doms[0]?.paused, false, `at ${cancelAt}`);
    assert.equal(state[0] === "Completed", hosts.to.hv.doms.size === 1, `at ${cancelAt}`);
  }
});

for (const [what, withoutCookies, compress] of [
  ["that sends memory on the first connection", ["mem_migration", "memory_total_source"], false],
  ["that does not rename", ["final_id"], false],
  ["that compresses", [], true],
] as const) {
  test(`VM.migrate works from a sender ${what}`, () => {
    const hosts = pair({ release: { withoutCookies: new Set(withoutCookies) } });
    const before = hosts.from.hv.dom(ID)?.guestRam;
    assert.deepEqual(migrate(hosts, { compress })?.[0], "Completed");
    assert.equal(stateOf(hosts.there, ID).power_state, "Running");
    assert.deepEqual(hosts.to.hv.dom(ID)?.guestRam, before);
    assert.deepEqual([...hosts.from.hv.doms], []);
  });
}

test("a receiver refuses a vGPU without its cookie, and the VM runs on", () => {
  const worlds = [runningWorld(true), new World()] as const;
  const hosts = pair({ worlds, release: { withoutCookies: new Set(["vgpu_migration"]) } });
  assert.match(JSON.stringify(migrate(hosts)), /Failed.*Internal_error.*vGPU/);
  assert.equal(stateOf(hosts.here, ID).power_state, "Running");
  assert.deepEqual(hosts.to.fs.ls(["VM"]), []);
});

test("VM.migrate to nobody fails, and the VM runs on", () => {
  const hosts = pair();
  const state = migrate(hosts, { xenops_url: "http://nowhere" });
  assert.deepEqual(state, ["Failed", ["Failed_to_contact_remote_service", "http://nowhere"]]);
  assert.equal(stateOf(hosts.here, ID).power_state, "Running");
});
