import { test } from "node:test";
import { assertThrows } from "@std/assert";
import type { Guest, IoRecord } from "../facets/guest.ts";
import type { Machine } from "../facets/machine.ts";
import { exactlyOnceIo } from "./exactly_once_io.ts";
import { edgeOf, hop, machineOf } from "./handmade_edge.ts";
import { fails, judge } from "./handmade_verdict.ts";

const IO: IoRecord = { issued: 20, done: 20, failed: 0, outstanding: 0, oddities: [] };
const QUIET = { sent: 4, returned: 4, oddities: [] };

function machineWith(lie: Partial<Guest>, nonce = 7n): Machine {
  const honest: Guest = {
    tick: () => 2,
    damagedPages: () => [],
    io: () => IO,
    traffic: () => QUIET,
    complaints: () => [],
  };
  const lifecycle = {
    running: () => true,
    nonce: () => nonce,
    log: () => [],
    spans: () => [],
    inspect: () => null,
  };
  return machineOf({ guest: { ...honest, ...lie }, lifecycle });
}

const edgeWith = (lie: Partial<Guest>, nonce?: bigint) =>
  edgeOf({ machine: machineWith(lie, nonce) });

test("exactly-once-io finds what is odd, what is missing, and a guest that does nothing", () => {
  const name = "exactly-once-io";
  const before = { issued: 12, ofRequests: 1, ofPackets: 0 };
  const io = (lie: Partial<IoRecord>) => edgeWith({ io: () => ({ ...IO, ...lie }) });
  judge(name, edgeWith({}), before);
  judge(name, io({ oddities: ["an old one"] }), before);
  fails(name, io({ oddities: ["an old one", "write 7 came twice"] }), /write 7 came twice/, before);
  fails(name, io({ outstanding: 2 }), /2 requests have no answer/, before);
  fails(name, io({ issued: 12 }), /nothing was asked/, before);
  judge(name, io({ issued: 0 }), { ...before, issued: 0 });
  const traffic = () => ({ ...QUIET, oddities: ["relid 3: packet 2 came in place of 1"] });
  fails(name, edgeWith({ traffic }), /guest rings: relid 3/, before);
});

test("exactly-once-io lets requests wait for disks that keep them, and asks at the end", () => {
  const name = "exactly-once-io";
  const before = { issued: 12, ofRequests: 0, ofPackets: 0 };
  const waiting = machineWith({ io: () => ({ ...IO, outstanding: 2 }) });
  const lost = machineWith({ io: () => ({ ...IO, oddities: ["read 3 has zeros in block 8"] }) });
  const settings = { flight: "chain" };
  judge(name, edgeOf({ settings, machine: waiting }), before);
  fails(name, edgeOf({ settings, machine: lost }), /has zeros/, before);
  const left = { index: 1, settings, outcome: { kind: "done" }, unmet: [] } as const;
  const leave = exactlyOnceIo.leave?.judge;
  leave?.({ ...left, machine: machineWith({}) });
  assertThrows(() => leave?.({ ...left, machine: waiting }), Error, "2 requests have no answer");
  assertThrows(() => leave?.({ ...left, machine: lost }), Error, "has zeros");
  leave?.({ ...left, settings: { flight: "hop" }, machine: waiting });
  const outcome = { kind: "crashed", reason: "gone" } as const;
  assertThrows(() => leave?.({ ...left, outcome, machine: machineWith({}) }), Error, "crashed");
});

test("exactly-once-io excuses what is fair under a fault, and nothing else", () => {
  const name = "exactly-once-io";
  const before = { issued: 12, ofRequests: 0, ofPackets: 0 };
  const failed: Partial<IoRecord> = { oddities: ["read 3 of block 8 failed with status 0x4"] };
  const waiting: Partial<IoRecord> = { outstanding: 2 };
  const lost: Partial<IoRecord> = { oddities: ["read 3 has zeros in block 8, not write 2"] };
  const under = (fault: string, lie: Partial<IoRecord>, struck = true) => {
    const machine = machineWith({ io: () => ({ ...IO, ...lie }) });
    return { ...edgeOf({ settings: { fault }, machine }), struck };
  };
  judge(name, under("read:corrupt:after", failed), before);
  fails(name, under("read:corrupt:after", lost), /has zeros/, before);
  fails(name, under("read:corrupt:after", waiting), /no answer/, before);
  fails(name, under("read:corrupt:after", failed, false), /failed with status/, before);
  judge(name, under("read:drop:after", waiting), before);
  fails(name, under("read:drop:after", failed), /failed with status/, before);
  judge(name, under("create-queue:drop:restore", waiting), before);
  judge(name, under("create-queue:drop:restore", failed), before);
  fails(name, under("create-queue:drop:restore", lost), /has zeros/, before);
  judge(name, under("state:foreign:between", lost), before);
  fails(name, under("units:crash-in:restore", lost), /has zeros/, before);
});

test("exactly-once-io asks at the end for what a fault has not lost", () => {
  const waiting = machineWith({ io: () => ({ ...IO, outstanding: 2 }) });
  const oddities = ["read 3 of block 8 failed with status 0x4"];
  const failed = machineWith({ io: () => ({ ...IO, oddities }) });
  const asked = (fault: string, machine: typeof failed, struck = true) => {
    const settings = { flight: "chain", fault };
    const outcome = { kind: "done" } as const;
    exactlyOnceIo.leave?.judge({ index: 0, settings, machine, outcome, unmet: [], struck });
  };
  asked("read:corrupt:after", failed);
  assertThrows(() => asked("read:corrupt:after", failed, false), Error, "failed with status");
  assertThrows(() => asked("read:corrupt:after", waiting), Error, "no answer");
  asked("read:drop:after", waiting);
  assertThrows(() => asked("read:drop:after", failed), Error, "failed with status");
  asked("state:foreign:between", failed);
  assertThrows(() => asked("units:crash-in:restore", waiting), Error, "no answer");
});

test("exactly-once-io looks at the disks of a machine that has died", () => {
  const name = "exactly-once-io";
  const { restore: _, machine: __, ...edge } = edgeOf({ save: { kind: "crashed", reason: "x" } });
  const lost = { ...IO, outstanding: 4, oddities: ["the medium has zeros in block 8"] };
  const before = { issued: 12, ofRequests: 0, ofPackets: 0 };
  const guestWith = (io: IoRecord) => machineWith({ io: () => io }).guest;
  judge(name, edge, { ...before, guest: guestWith({ ...IO, outstanding: 4 }) });
  fails(name, edge, /after a crash: the medium has zeros/, { ...before, guest: guestWith(lost) });
});

test("same-guest finds a reboot, a guest that stands still, and damaged memory", () => {
  const name = "same-guest";
  const self = { nonce: 7n, tick: 1 };
  judge(name, edgeWith({}), self);
  fails(name, edgeWith({}, 8n), /it was rebooted/, self);
  fails(name, edgeWith({ tick: () => 1 }), /stands still/, self);
  fails(name, edgeWith({ damagedPages: () => [0x1013] }), /page frame 1013 has changed/, self);
});

test("bus-version finds a version that changes, and one beyond the cap of its hop", () => {
  const name = "bus-version";
  const [iron, copper] = [0x0005_0003, 0x0006_0000];
  const edge = (is: number | null, point = "idle", [from, to] = ["newest", "newest"]) => {
    const [writer, reader] = [hop("main"), hop("main")];
    return edgeOf({
      machine: machineWith({ busVersion: () => is }),
      settings: { point },
      writer: { ...writer, inputs: { ...writer.inputs, bus: from } },
      reader: { ...reader, inputs: { ...reader.inputs, bus: to } },
    });
  };
  judge(name, edge(copper), copper);
  judge(name, edge(copper, "idle", ["newest", "iron"]), copper);
  judge(name, edge(null), null);
  fails(name, edge(iron), /was 0x60000 and is 0x50003/, copper);
  fails(name, edge(null), /was 0x60000 and is none/, copper);
  fails(name, edge(copper, "idle", ["iron", "newest"]), /got version 0x60000, beyond/, copper);
  judge(name, edge(iron, "contact:none", ["newest", "iron"]), null);
  fails(name, edge(copper, "contact:none", ["newest", "iron"]), /beyond 0x50003/, null);
  judge(name, edge(copper, "contact:sent", ["newest", "iron"]), null);
});

test("guest-takes-leave finds a guest that gets no further on the edge that stops it", () => {
  const name = "guest-takes-leave";
  const under = (settings: Record<string, string>, ...refused: string[]) => {
    const recall = { knew: () => null, found: () => null, refused: () => refused };
    return edgeOf({ settings, machine: { ...machineWith({}), recall } });
  };
  const waits = "bus: the connection is requested";
  const point = "offers:sent";
  judge(name, under({ point }));
  judge(name, under({ point }, "variable Boot0001: out of space"));
  fails(name, under({ point }, waits), /gets no further: the connection is requested$/);
  fails(name, under({ request: "none" }, waits), /gets no further/);
  judge(name, under({ point, fault: "units:slow:save" }, waits));
  judge(name, under({ request: "nvme" }, waits));
  const complaints = () => ["GPADL 1 was refused"];
  const complaining = edgeOf({ settings: { point }, machine: machineWith({ complaints }) });
  fails(name, complaining, /complains: GPADL 1 was refused/);
});
