/**
 * The guest that runs after a restore is the one that was stopped: it has its nonce, its tick has
 * gone on, and its memory is as it left it. A guest that was rebooted is not restored.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Oracle } from "../oracle.ts";
import { noticesOn } from "./fairness.ts";

interface Self {
  readonly nonce: bigint | undefined;
  readonly tick: number;
}

export const sameGuest: Oracle<Self> = {
  name: "same-guest",
  must: "The guest goes on with its nonce, its tick and its memory",
  source: "OpenVMM Guide, reference/architecture/openhcl_servicing.md: VTL0 is not restarted",
  needs: ["guest", "lifecycle"],
  before: ({ guest, lifecycle }) => ({ nonce: lifecycle?.nonce(), tick: guest?.tick() ?? 0 }),
  judge(edge, self) {
    const { machine } = edge;
    if (machine?.guest === undefined || noticesOn(edge) === "anything") return;
    const { guest, lifecycle } = machine;
    const { nonce, tick } = self;
    const found = lifecycle?.nonce();
    check(found === nonce, `guest was ${nonce}, is ${found}: it was rebooted`);
    const now = guest.tick();
    check(now > tick, `guest stands still: its tick was ${tick}, is ${now}`);
    const [pfn] = guest.damagedPages();
    check(pfn === undefined, `guest memory: page frame ${pfn?.toString(16)} has changed`);
  },
};
