import { test } from "node:test";
import type { Guest, IoRecord } from "../facets/guest.ts";
import type { Machine } from "../facets/machine.ts";
import { edgeOf, machineOf } from "./handmade_edge.ts";
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

test("same-guest finds a reboot, a guest that stands still, and damaged memory", () => {
  const name = "same-guest";
  const self = { nonce: 7n, tick: 1 };
  judge(name, edgeWith({}), self);
  fails(name, edgeWith({}, 8n), /it was rebooted/, self);
  fails(name, edgeWith({ tick: () => 1 }), /stands still/, self);
  fails(name, edgeWith({ damagedPages: () => [0x1013] }), /page frame 1013 has changed/, self);
});
