/**
 * What the guest has seen so far: its memory, its disks and its rings.
 *
 * @module
 */
import type { LedgerTotals, TrafficTotals } from "../guest/mod.ts";
import { checkMedium } from "./guest_medium.ts";
import type { LoadedVm } from "./loaded_vm.ts";

/** Read from the guest at the moment of the call. */
export interface GuestRecord {
  /** A number in its memory since its first boot. */
  nonce(): number;
  /** How often it has gone on; kept in its memory. */
  tick(): number;
  /** Page frames whose content is not what it has written there. */
  damagedPages(): readonly number[];
  /** What became of its requests to disks; their medium is looked at, too. */
  io(): LedgerTotals;
  /** Packets that it has sent through its rings, and what has become of them. */
  traffic(): TrafficTotals;
  /** What it has found that its bus may not do, oldest first. */
  complaints(): readonly string[];
  /** Version of its bus that it has been told; null while there is none. */
  busVersion(): number | null;
}

export function guestRecord(vm: Pick<LoadedVm, "host">): GuestRecord {
  const { ram, storage, guest } = vm.host;
  return {
    nonce: () => ram.nonce,
    tick: () => ram.tick,
    damagedPages: () => ram.damaged(ram.nonce),
    io() {
      checkMedium(vm);
      return storage.ledger.totals();
    },
    traffic: () => guest.traffic,
    complaints: () => guest.complaints,
    busVersion: () => guest.state.version?.version ?? null,
  };
}
