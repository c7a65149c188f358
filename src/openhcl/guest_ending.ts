/**
 * How a guest ends: it goes on with what it was at and takes leave of its bus, with or without
 * something in between that only shows whether the restore has left everything in order.
 *
 * Source: microsoft/openvmm, pulls 2410 (leaves) and 3491 (is reset).
 *
 * @module
 */
import { goOn, leave, openAll, reopenUnanswered } from "../guest/mod.ts";
import { GuestStage } from "./guest_stage.ts";
import { endFlights } from "./guest_workload.ts";
import type { LoadedVm } from "./loaded_vm.ts";

/**
 * `goes-on`: nothing else happens. `leaves`: the guest takes leave at once and comes back, and
 * has done so before, in place of ending what it was at when it was saved.
 * `resets`: its machine is reset while a device owes an answer.
 */
export type GuestEnding = "goes-on" | "leaves" | "resets";

/** Answers what the guest could not reach, and what it has found that its bus may not do. */
export function endGuest(vm: LoadedVm, ending: GuestEnding): readonly string[] {
  endFlights(vm);
  const stage = new GuestStage(vm);
  const { guest } = vm.host;
  guest.setHoldsOutbox(false);
  guest.setHoldsSlot(false);
  stage.answerHeld();
  const unmet: string[] = [];
  if (ending === "leaves") unmet.push(...leave(guest));
  if (ending === "resets") {
    openAll(guest);
    reopenUnanswered(guest, stage);
    reset(vm);
    stage.answerHeld();
  }
  return [...unmet, ...goOn(guest), ...guest.complaints];
}

/** The machine is reset, and what its guest knew of the bus with it. */
function reset(vm: LoadedVm): void {
  const { host, vmbusServer, vmbusDevices, units } = vm;
  units.stop();
  vmbusServer.reset();
  for (const device of vmbusDevices.values()) device.reset();
  host.guest.restart();
  units.start();
}
