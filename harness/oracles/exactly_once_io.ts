/**
 * What the guest asks of its disks is answered once, across every hop, and what it has written is
 * there: in what it reads, and on the medium. Packets through rings come back once and in order.
 *
 * @module
 */
import { check } from "../check.ts";
import type { IoRecord, TrafficRecord } from "../facets/guest.ts";
import type { Oracle } from "../oracle.ts";

interface Before {
  readonly issued: number;
  /** Oddities of requests and of packets that were there already. */
  readonly ofRequests: number;
  readonly ofPackets: number;
}

export const exactlyOnceIo: Oracle<Before> = {
  name: "exactly-once-io",
  must: "Every request is answered once, no write is lost, and the guest works on",
  source: "facts/openhcl/semantics.md, NVMe driver save/restore; OpenVMM Guide, servicing",
  needs: ["guest"],
  before({ guest }) {
    const io = guest?.io();
    const ofPackets = guest?.traffic().oddities.length ?? 0;
    return { issued: io?.issued ?? 0, ofRequests: io?.oddities.length ?? 0, ofPackets };
  },
  judge({ machine }, before) {
    const guest = machine?.guest;
    if (guest === undefined) return;
    checkRequests(guest.io(), before);
    checkPackets(guest.traffic(), before);
  },
};

function checkRequests({ issued, outstanding, oddities }: IoRecord, before: Before): void {
  const [first] = oddities.slice(before.ofRequests);
  check(first === undefined, `guest I/O: ${first}`);
  check(outstanding === 0, `guest I/O: ${outstanding} requests have no answer`);
  // A guest without disks, or without an open channel to them, has nothing to work with.
  if (before.issued === 0) return;
  check(issued > before.issued, "guest I/O: nothing was asked of the disks after the restore");
}

function checkPackets({ oddities }: TrafficRecord, { ofPackets }: Before): void {
  const [first] = oddities.slice(ofPackets);
  check(first === undefined, `guest rings: ${first}`);
}
