/**
 * What the guest has around it: devices of OpenHCL and of the host, which can keep their answers
 * for a while. Lets a guest come to the step of the protocol that its VM names, and go on later.
 *
 * @module
 */
import { advanceTo, leave, openAll, type Stage, unanswered } from "../guest/mod.ts";
import type { OfferKey } from "../openhcl_state/mod.ts";
import { type HeldKind, sameKey } from "../vmbus/mod.ts";
import { guestBus } from "./guest_channels.ts";
import type { LoadedVm } from "./loaded_vm.ts";

/** Time that the host takes for what it keeps: longer than it takes to come to a stop. */
const HOST_ANSWERS_US = 5_000;

type Staged = Pick<LoadedVm, "host" | "vmbusDevices">;

export class GuestStage implements Stage {
  readonly #vm: Staged;

  constructor(vm: Staged) {
    this.#vm = vm;
  }

  hold(kinds: readonly (HeldKind | "connection")[]): void {
    const { host, vmbusDevices } = this.#vm;
    const held = kinds.filter((kind) => kind !== "connection");
    for (const device of vmbusDevices.values()) device.hold(held);
    host.bus?.hold(kinds, host.clock.nowUs + HOST_ANSWERS_US);
  }

  answerHeld(): void {
    const { host, vmbusDevices } = this.#vm;
    for (const device of vmbusDevices.values()) device.answerHeld();
    host.bus?.answerHeld();
    host.guest.wake();
  }

  revokeLater(key: OfferKey, again: boolean): void {
    const relayed = this.#vm.host.deviceSet.relayed?.find(({ offer }) => sameKey(offer.key, key));
    if (relayed !== undefined) this.#vm.host.bus?.revokeLater(relayed.offer, again);
  }

  revoke(key: OfferKey): void {
    const { host, vmbusDevices } = this.#vm;
    for (const [{ offer }, device] of vmbusDevices) if (sameKey(offer.key, key)) device.revoke();
    host.bus?.revoke(key);
    host.guest.wake();
  }
}

/** A guest connects after a fresh boot, as far as its VM says. */
export function connectGuest(staged: Staged): void {
  const { guest, vm } = staged.host;
  staged.host.isAtStep = vm.clientStep !== undefined || vm.guestStep !== undefined;
  if (vm.clientStep === "none") return;
  if (vm.guestStep === undefined) openAll(guest);
  else advanceTo(guest, vm.guestStep, new GuestStage(staged));
}

/**
 * A guest at a step gets what was kept, and opens its channels. One that `leavesAtOnce` and waits
 * for no disk takes leave from where it is, and comes back for that. Answers what it cannot reach.
 */
export function leaveStep(vm: LoadedVm, leavesAtOnce: boolean): readonly string[] {
  const { host } = vm;
  const { guest, storage } = host;
  if (!host.isAtStep) return [];
  host.isAtStep = false;
  vm.foundBus = guestBus(vm);
  new GuestStage(vm).answerHeld();
  guest.setHoldsOutbox(false);
  guest.setHoldsSlot(false);
  const leaves = leavesAtOnce && storage.ledger.waiting === 0;
  const unmet = leaves ? leave(guest) : [];
  return [...unmet, ...openAll(guest), ...unanswered(guest)].map((text) => `bus: ${text}`);
}
