/**
 * What the guest asks of its disks is answered once, across every hop, and what it has written is
 * there: in what it reads, and on the medium. Packets through rings come back once and in order.
 * What disks keep in flight over every save has to wait, and is answered once at the end of the
 * path.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Guest, IoRecord, TrafficRecord } from "../facets/guest.ts";
import type { GuestNotices } from "../faults/mod.ts";
import type { Edge, Leave, Oracle } from "../oracle.ts";
import { noticesBy, noticesOn } from "./fairness.ts";

interface Before {
  /** The guest of the writer; its disks are still there when the machine is not. */
  readonly guest: Guest | undefined;
  readonly issued: number;
  /** Oddities of requests and of packets that were there already. */
  readonly ofRequests: number;
  readonly ofPackets: number;
}

/** In the words of an oddity: the disk has said that it could not do it, which is no lie. */
const FAILED = " failed with status ";

export const exactlyOnceIo: Oracle<Before | undefined> = {
  name: "exactly-once-io",
  must: "Every request is answered once, no write is lost, and the guest works on",
  source: "openvmm, nvme_driver; Guide, reference/architecture/openhcl_servicing.md",
  needs: ["guest"],
  before({ guest }) {
    const io = guest?.io();
    const ofPackets = guest?.traffic().oddities.length ?? 0;
    return { guest, issued: io?.issued ?? 0, ofRequests: io?.oddities.length ?? 0, ofPackets };
  },
  judge(edge, before) {
    const guest = edge.machine?.guest;
    const notices = noticesOn(edge);
    // Of a machine that never booted nobody has noted anything.
    if (notices === "anything" || before === undefined) return;
    if (edge.save.kind === "crashed") checkDisks(before);
    if (guest === undefined) return;
    checkRequests(guest.io(), before, notices, keepsFlights(edge.settings));
    checkPackets(guest.traffic(), before);
  },
  leave: { wants: keepsFlights, judge: checkLeave },
};

function keepsFlights({ flight }: Edge["settings"]): boolean {
  return flight === "chain";
}

/** Nothing is in flight any more, but for what a fault has lost. */
function checkLeave(leave: Leave): void {
  const { settings, outcome } = leave;
  const { guest } = leave.machine;
  const notices = noticesBy(leave);
  if (guest === undefined || !keepsFlights(settings) || notices === "anything") return;
  const { kind, reason } = outcome;
  check(kind === "done", `guest I/O over every save: the machine ${kind} at the end: ${reason}`);
  const { outstanding, oddities } = guest.io();
  const first = unfairOf(oddities, notices);
  check(first === undefined, `guest I/O over every save: ${first}`);
  const words = `${outstanding} requests have no answer when no disk keeps them any more`;
  check(outstanding === 0 || mayWait(notices), `guest I/O over every save: ${words}`);
}

/** Nobody answers any more, but what was written is there. */
function checkDisks({ guest, ofRequests }: Before): void {
  const [first] = guest?.io().oddities.slice(ofRequests) ?? [];
  check(first === undefined, `disks after a crash: ${first}`);
}

function checkRequests(
  { issued, outstanding, oddities }: IoRecord,
  before: Before,
  notices: GuestNotices,
  kept: boolean,
): void {
  const first = unfairOf(oddities.slice(before.ofRequests), notices);
  check(first === undefined, `guest I/O: ${first}`);
  const answered = outstanding === 0 || kept || mayWait(notices);
  check(answered, `guest I/O: ${outstanding} requests have no answer`);
  // A guest without disks, or without an open channel to them, has nothing to work with.
  if (before.issued === 0) return;
  check(issued > before.issued, "guest I/O: nothing was asked of the disks after the restore");
}

/** The first oddity that is not fair. */
function unfairOf(oddities: readonly string[], notices: GuestNotices): string | undefined {
  const mayFail = notices === "errors" || notices === "either";
  return oddities.find((oddity) => !mayFail || !oddity.includes(FAILED));
}

function mayWait(notices: GuestNotices): boolean {
  return notices === "waits" || notices === "either";
}

function checkPackets({ oddities }: TrafficRecord, { ofPackets }: Before): void {
  const [first] = oddities.slice(ofPackets);
  check(first === undefined, `guest rings: ${first}`);
}
