/**
 * What a step of the protocol is, and what stands behind the guest while it comes to one.
 *
 * @module
 */
import type { OfferKey } from "../openhcl_state/mod.ts";
import type { HeldKind } from "../vmbus/mod.ts";
import type { GuestChannel } from "./driver_state.ts";
import type { VmbusDriver } from "./vmbus_driver.ts";

/** What stands behind the guest's bus, as far as a step needs its help. */
export interface Stage {
  /** Devices keep answers of these kinds; `connection` is the answer to a modification of it. */
  hold(kinds: readonly (HeldKind | "connection")[]): void;
  /** Everything that was kept is answered, and nothing more is kept. */
  answerHeld(): void;
  /** The device of the channel goes. */
  revoke(key: OfferKey): void;
  /**
   * The host takes the channel away while nobody listens, and does not answer before; `again`: and
   * offers it anew. Nothing happens where there is no host.
   */
  revokeLater(key: OfferKey, again: boolean): void;
}

/** A step of the protocol. */
export interface Step {
  readonly name: string;
  enter?(driver: VmbusDriver, stage: Stage): void;
  /** Ends what is under way, before the next step. */
  leave?(driver: VmbusDriver, stage: Stage): void;
}

/** Steps about one channel are about one with a GPADL that does not fit into one message. */
export function onSubject(
  work: (subject: GuestChannel, driver: VmbusDriver, stage: Stage) => void,
) {
  return (driver: VmbusDriver, stage: Stage): void => {
    const planned = driver.planned();
    const chosen =
      planned.find((channel) => (channel.planned?.gpadls.length ?? 0) > 1) ?? planned[0];
    if (chosen !== undefined) work(chosen, driver, stage);
  };
}
