import assert from "node:assert/strict";
import { test } from "node:test";
import type { Machine } from "../facets/machine.ts";
import type { Outcome } from "../oracle.ts";
import { guestSightOf } from "../sight.ts";
import { allOrNothing } from "./all_or_nothing.ts";
import { driverState, edgeOf, hop, machineOf, poolState } from "./handmade_edge.ts";
import { fails, judge } from "./handmade_verdict.ts";

const DONE: Outcome = { kind: "done" };
const REFUSED: Outcome = { kind: "refused", reason: "no" };

/** A machine whose guest reads `level` as a setting of its firmware. */
function showing(level: string): Machine {
  return machineOf({
    guestState: {
      source: () => "saved",
      disagreement: () => null,
      settings: () => new Map([["firmware.log_level", level]]),
    },
  });
}

/** A machine whose only disk has so many blocks. */
function showingDisk(blocks: bigint): Machine {
  const namespaces = [{ nsid: 1, blocks }];
  const disk = { pciId: "c05b:00:00.0", namespaces, resets: 0, adminOpcodes: [], restored: true };
  const idle = { ioQueues: [], outstandingCids: [], working: true, overtaking: 0 };
  return machineOf({ nvme: { controllers: () => [{ ...disk, ...idle }] } });
}

test("restore-twice compares what both restores show", () => {
  const name = "restore-twice";
  const found = { nonce: 1n };
  judge(name, edgeOf());
  judge(name, edgeOf({ found }));
  judge(name, edgeOf({ found, again: { restore: DONE, sight: { nonce: 1n } } }));
  const other = { restore: DONE, sight: { nonce: 2n } };
  fails(name, edgeOf({ found, again: other }), /^nonce was 1 and is 2$/);
  fails(name, edgeOf({ found, again: { restore: REFUSED } }), /the second restore refused: no/);
});

test("saves-again wants the second save to be done", () => {
  const name = "saves-again";
  judge(name, edgeOf());
  judge(name, edgeOf({ again: { restore: DONE } }));
  judge(name, edgeOf({ again: { restore: DONE, save: DONE } }));
  const hung = { kind: "hung", reason: "nobody hears" } as const;
  const again = { restore: DONE, save: hung };
  fails(name, edgeOf({ again }), /the second save hung: nobody hears/);
});

test("all-or-nothing wants the writer back after a failed restore", () => {
  const name = "all-or-nothing";
  const restore: Outcome = { kind: "crashed", reason: "x" };
  judge(name, edgeOf({ restore, fallback: DONE }));
  fails(
    name,
    edgeOf({ restore, fallback: REFUSED }),
    /main does not come up any more, refused: no/,
  );
  const settings = { fault: "servicing:stuck:restore" };
  judge(name, edgeOf({ restore, settings, fallback: REFUSED }));
  const stuck: Outcome = { kind: "hung", reason: "SERVICING_RESTORE_STUCK" };
  fails(name, edgeOf({ restore: stuck, settings, fallback: REFUSED }), /main does not come up/);
});

test("all-or-nothing asks nothing of a writer that cannot read its own state", () => {
  const name = "all-or-nothing";
  const twice = { fault: "unit:twice:between" };
  judge(name, edgeOf({ restore: REFUSED, settings: twice, fallback: REFUSED }));
  const kept = hop("main", "host");
  const orphan = {
    restore: REFUSED,
    writer: kept,
    fallback: REFUSED,
    init: { dma_manager_state: poolState("nvme_1:0:0.0") },
  };
  judge(name, edgeOf(orphan));
  const owned = { pci_id: "1:0:0.0", driver_state: driverState() };
  const nvme_state = { nvme_state: { cpu_count: 4, nvme_disks: [owned] } };
  const whole = { ...orphan, init: { ...orphan.init, nvme_state } };
  fails(name, edgeOf(whole), /main does not come up any more/);
});

test("all-or-nothing wants the guest to find what it had after a failed save", () => {
  const save: Outcome = { kind: "refused", reason: "Simulated servicing save failure" };
  const settings = { fault: "servicing:fail:save" };
  const edge = edgeOf({ save, settings });
  const sight = guestSightOf(showing("1"));
  judge("all-or-nothing", edge, { machine: showing("1"), sight });
  const changed = { machine: showing("2"), sight };
  const words = /after the failed save, settings\.firmware\.log_level was 1 and is 2/;
  fails("all-or-nothing", edge, words, changed);
  judge("all-or-nothing", edgeOf({ settings }), changed);
});

test("all-or-nothing looks at the writer beforehand only when something may go wrong", () => {
  const machine = showing("1");
  assert.equal(allOrNothing.before?.(machine, hop("main"), { fault: "none" }), undefined);
  const seen = allOrNothing.before?.(machine, hop("main"), { fault: "servicing:fail:save" });
  assert.deepEqual(seen, { machine, sight: guestSightOf(machine) });
});

test("detour wants the same machine from both ways, but for the losses of the table", () => {
  const name = "detour";
  const way = (level: string) => ({ restore: DONE, sight: guestSightOf(showing(level)) });
  const over = (via: string, round: string) =>
    edgeOf({
      before: [hop("main")],
      writer: hop(via),
      reader: hop("1.7.2511"),
      detour: { direct: way("7"), round: way(round) },
    });
  judge(name, edgeOf());
  judge(name, over("1.8.2607", "7"));
  judge(name, over("2505", "0"));
  fails(name, over("1.8.2607", "0"), /by way of 1\.8\.2607, settings\.firmware\.log_level was 7/);
});

test("detour judges only ways that arrive", () => {
  const way = { restore: DONE, sight: guestSightOf(showing("1")) };
  const lost = { restore: REFUSED };
  const before = [hop("main")];
  judge("detour", edgeOf({ before, detour: { direct: lost, round: way } }));
  judge("detour", edgeOf({ before, detour: { direct: way, round: lost } }));
});

test("detour knows losses that take a disturbance", () => {
  const of = (digest: string): Machine =>
    machineOf({ units: { digests: () => new Map([["vmbus_relay", digest]]) } });
  const way = (digest: string) => ({ restore: DONE, sight: guestSightOf(of(digest)) });
  const under = (settings: Record<string, string>) =>
    edgeOf({
      before: [hop("main")],
      reader: hop("2411"),
      settings,
      detour: { direct: way("a"), round: way("b") },
    });
  judge("detour", under({ point: "client:none" }));
  fails("detour", under({ point: "idle" }), /by way of main, units\.vmbus_relay was a and is b/);
});

test("detour knows that who is restored on a fused device does not hear of one that grew", () => {
  const way = (blocks: bigint) => ({ restore: DONE, sight: guestSightOf(showingDisk(blocks)) });
  const under = (ids: string, last: string, point = "namespace:done") =>
    edgeOf({
      before: [hop("1.7.2511")],
      writer: hop("2411"),
      reader: hop(last),
      settings: { point, ids },
      detour: { direct: way(4096n), round: way(4352n) },
    });
  const grew = /by way of 2411, disks\.0\.namespaces\.0\.blocks was 4096 and is 4352/;
  for (const ids of ["fused", "unreadable"]) judge("detour", under(ids, "1.8.2607"));
  for (const ids of ["usual", "reversed", "wide"]) fails("detour", under(ids, "1.8.2607"), grew);
  fails("detour", under("fused", "2505"), grew);
  fails("detour", under("fused", "1.8.2607", "idle"), grew);
});
