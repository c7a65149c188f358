import assert from "node:assert/strict";
import { test } from "node:test";
import type { ControllerRecord } from "../facets/nvme.ts";
import type { EarlyProcessors } from "../facets/servicing.ts";
import type { Outcome } from "../oracle.ts";
import {
  driverState,
  edgeOf,
  hop,
  type InitState,
  machineOf,
  POOL,
  poolState,
} from "./handmade_edge.ts";
import { fails, judge } from "./handmade_verdict.ts";

test("keepalive-mismatch compares outcome and devices with the table", () => {
  const name = "keepalive-mismatch";
  judge(name, edgeOf());
  fails(
    name,
    edgeOf({ restore: { kind: "refused", reason: "why" } }),
    /refused \(why\).*says done/,
  );
  const orphans = { dma_manager_state: poolState("nvme_1:0:0.0") };
  fails(name, edgeOf({ init: orphans }), /table of nvme says refused/);
  const noPool = hop("2505", "nohost", "noprivatepool");
  fails(name, edgeOf({ reader: noPool, init: orphans }), /table of pool says refused/);
  judge(name, edgeOf({ reader: hop("2411"), init: orphans }));
  const text = "x: saved state for private pool but no private pool";
  const restore: Outcome = { kind: "refused", reason: text };
  judge(name, edgeOf({ reader: noPool, init: orphans, restore }));
});

/** An I/O queue of processor `cpu`, with so many commands in flight. */
function queueOf(cpu: number, pending: number) {
  const qid = cpu + 1;
  const commands = Array.from({ length: pending }, (_, cid) => {
    return { command: new Uint8Array(64), cid };
  });
  const handler_data = {
    sq_state: { sqid: qid, head: 0, tail: 0, committed_tail: 0, len: 64 },
    cq_state: { cqid: qid, head: 0, committed_head: 0, len: 64, phase: true },
    pending_cmds: { commands, next_cid_high_bits: 0, cid_key_bits: 10 },
    aer_handler: null,
  };
  const memory = { mem_len: 4096n, base_pfn: 256n, sq_entries: 64, cq_entries: 64 };
  return { cpu, iv: cpu, unmapped: false, queue_data: { qid, handler_data, ...memory } };
}

test("early-processors holds what a boot is told against the queues in the state", () => {
  const name = "early-processors";
  const told = (writer: string, reader: string, earlyProcessors: () => EarlyProcessors | null) => {
    const driver_state = driverState();
    const worker_data = { ...driver_state.worker_data, io: [queueOf(0, 0), queueOf(2, 1)] };
    const disk = { pci_id: "1:0:0.0", driver_state: { ...driver_state, worker_data } };
    const init = { nvme_state: { nvme_state: { cpu_count: 4, nvme_disks: [disk] } } };
    const { servicing } = machineOf();
    assert.ok(servicing);
    const machine = machineOf({ servicing: { ...servicing, earlyProcessors } });
    return edgeOf({ writer: hop(writer), reader: hop(reader), init, machine });
  };
  judge(name, edgeOf());
  judge(
    name,
    told("main", "main", () => ({ withIo: [2], withInterrupt: [0] })),
  );
  judge(
    name,
    told("main", "2411", () => null),
  );
  const nobody = { withIo: [], withInterrupt: [] };
  fails(
    name,
    told("main", "main", () => nobody),
    /I\/O in flight are told as none, saved are 2$/,
  );
  const all = { withIo: [2], withInterrupt: [0, 2] };
  fails(
    name,
    told("main", "1.8.2607", () => all),
    /told as 0, 2, saved are 0$/,
  );
  fails(
    name,
    told("main", "1.7.2511", () => null),
    /1\.7\.2511 is not told/,
  );
  fails(
    name,
    told("2505", "main", () => nobody),
    /main is told/,
  );
});

test("mana-downgrade expects no state where nothing was asked for", () => {
  judge("mana-downgrade", edgeOf());
  const settings = { devices: "nvme+mana", request: "mana" };
  const writer = hop("main", "host");
  fails("mana-downgrade", edgeOf({ settings, writer }), /mana_state is not saved/);
});

test("no-allocation-lost follows pages to their owner", () => {
  const settings = { devices: "nvme", request: "nvme" };
  const base = POOL.start / 4096n;
  const disk = { pci_id: "1:0:0.0", driver_state: driverState() };
  const init = {
    dma_manager_state: poolState("nvme_1:0:0.0"),
    nvme_state: { nvme_state: { cpu_count: 4, nvme_disks: [disk] } },
  };
  const owned = (state: "allocated" | "pending" | "free", device: string) =>
    edgeOf({
      settings,
      init,
      writer: hop("2505", "host"),
      reader: hop("2505", "host"),
      machine: machineOf({
        dma: {
          strayWrites: () => [],
          pools: () => [
            {
              pool: "private",
              ranges: [],
              slots: [{ pfn: base, pages: 66n, state, device }],
            },
          ],
        },
      }),
    });
  judge("no-allocation-lost", owned("allocated", "nvme_1:0:0.0"));
  fails("no-allocation-lost", owned("allocated", "nvme_2:0:0.0"), /are allocated nvme_2/);
  fails("no-allocation-lost", owned("pending", "nvme_1:0:0.0"), /are pending/);
  fails("no-allocation-lost", owned("free", ""), /are free/);
});

test("no-reset-under-keepalive looks at both polarities", () => {
  const seen = new Map([["1:0:0.0", 3]]);
  const after = (resets: number, init: Partial<InitState> = {}) =>
    edgeOf({
      init,
      writer: hop("2505", "host"),
      reader: hop("2505", "host"),
      machine: machineOf({
        nvme: {
          controllers: () => [
            {
              pciId: "1:0:0.0",
              resets,
              adminOpcodes: [],
              restored: true,
              namespaces: [],
              ioQueues: [],
              outstandingCids: [],
              working: true,
              overtaking: 0,
            },
          ],
        },
      }),
    });
  const disk = { pci_id: "1:0:0.0", driver_state: driverState() };
  const kept = { nvme_state: { nvme_state: { cpu_count: 4, nvme_disks: [disk] } } };
  judge("no-reset-under-keepalive", after(3, kept), seen);
  fails("no-reset-under-keepalive", after(4, kept), /was reset, table says attach/, seen);
  judge("no-reset-under-keepalive", after(4), seen);
  fails("no-reset-under-keepalive", after(3), /was not reset, table says fresh/, seen);
});

test("queue-layout expects the writer's block and the table's crossing", () => {
  const name = "queue-layout";
  const queue = (mem_len: bigint) => ({
    mem_len,
    base_pfn: POOL.start / 4096n,
    qid: 0,
    sq_entries: 64,
    cq_entries: 64,
    handler_data: {
      sq_state: { sqid: 0, head: 0, tail: 0, committed_tail: 0, len: 64 },
      cq_state: { cqid: 0, head: 0, committed_head: 0, len: 64, phase: true },
      pending_cmds: { commands: [], next_cid_high_bits: 0, cid_key_bits: 10 },
      aer_handler: null,
    },
  });
  const kept = (mem_len: bigint, reader: string, restore: Outcome) => {
    const { worker_data, ...driver } = driverState();
    const driver_state = { ...driver, worker_data: { ...worker_data, admin: queue(mem_len) } };
    const disk = { pci_id: "1:0:0.0", driver_state };
    return edgeOf({
      writer: hop("2505", "host"),
      reader: hop(reader, "host"),
      restore,
      init: {
        dma_manager_state: poolState("nvme_1:0:0.0"),
        nvme_state: { nvme_state: { cpu_count: 4, nvme_disks: [disk] } },
      },
    });
  };
  const done: Outcome = { kind: "done" };
  const text = "assertion failed: mem_len >= offset && mem_len - offset >= len";
  judge(name, kept(270_336n, "2505", done));
  fails(name, kept(282_624n, "2505", done), /has 282624 octets/);
  judge(name, kept(270_336n, "main", { kind: "crashed", reason: `panicked: ${text}` }));
  fails(name, kept(270_336n, "main", done), /restore done, table of layout says crashed/);
});

test("lazy-restore looks at the flag and at the queues", () => {
  const name = "lazy-restore";
  const queue = (qid: number) => ({
    cpu: qid - 1,
    iv: qid - 1,
    unmapped: false,
    queue_data: {
      mem_len: 282_624n,
      base_pfn: POOL.start / 4096n,
      qid,
      sq_entries: 64,
      cq_entries: 64,
      handler_data: {
        sq_state: { sqid: qid, head: 0, tail: 0, committed_tail: 0, len: 64 },
        cq_state: { cqid: qid, head: 0, committed_head: 0, len: 64, phase: true },
        pending_cmds: { commands: [], next_cid_high_bits: 0, cid_key_bits: 10 },
        aer_handler: null,
      },
    },
  });
  const restored = (allow_lazy_restore: boolean | null, live: readonly boolean[]) => {
    const { worker_data, ...driver } = driverState();
    const io = live.map((_, index) => queue(index + 1));
    const driver_state = { ...driver, worker_data: { ...worker_data, io, allow_lazy_restore } };
    const disk = { pci_id: "1:0:0.0", driver_state };
    const [writer, reader] = [hop("main", "host"), hop("main", "host")];
    const ioQueues = live.map((is, index) => ({
      qid: index + 1,
      cpu: index,
      live: is,
      basePfn: 0n,
      pages: 69,
    }));
    const controller = { ...controllerOf("1:0:0.0"), ioQueues };
    const init = { nvme_state: { nvme_state: { cpu_count: 4, nvme_disks: [disk] } } };
    return { ...edgeOf({ writer, reader, init }), found: { nvme: [controller] } };
  };
  judge(name, restored(true, [true, false]));
  fails(name, restored(null, [true, false]), /saves allow_lazy_restore null, table says true/);
  fails(name, restored(true, [true, true]), /queue 2 is in service, table says busy/);
  fails(name, restored(true, [false, false]), /queue 1 is waiting/);
  judge(name, restored(true, [true, false]), new Map([["1:0:0.0", [2]]]));
  const lost = new Map([["1:0:0.0", [3]]]);
  fails(name, restored(true, [true, false]), /queue 3 waited and is not saved again/, lost);
});

function controllerOf(pciId: string): ControllerRecord {
  return {
    pciId,
    resets: 0,
    adminOpcodes: [],
    restored: true,
    namespaces: [],
    ioQueues: [],
    outstandingCids: [],
    working: true,
    overtaking: 0,
  };
}
