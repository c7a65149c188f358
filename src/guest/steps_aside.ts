/**
 * Steps of the protocol that no other comes after: the host and its guest are at odds about a
 * channel that is taken away, or answers wait for a guest that does not take them.
 *
 * Source: microsoft/openvmm, pulls 3959 (crossing), 1100 (owed), 1815 (offered anew), 956.
 *
 * @module
 */
import { createGpadl, teardownGpadl } from "./channel_memory.ts";
import { closeChannel } from "./channel_requests.ts";
import { contact, modifyConnection } from "./connection_requests.ts";
import type { GuestChannel } from "./driver_state.ts";
import { leave } from "./going_on.ts";
import { onSubject, type Step } from "./stage.ts";
import type { VmbusDriver } from "./vmbus_driver.ts";

export const STEPS_ASIDE = [
  {
    /** A buffer is on its way to a channel whose rescind the guest has not looked at. */
    name: "rescind-crossed",
    enter: onSubject((subject, driver, stage) => {
      closeAndTearDown(driver, subject);
      driver.setHoldsSlot(true);
      stage.revoke(subject.key);
      driver.setHoldsOutbox(true);
      const [rings] = subject.gpadls;
      if (rings !== undefined) createGpadl(driver, subject, rings);
    }),
  },
  {
    /** The host takes a channel away before it has answered, and answers then. */
    name: "rescind-before-answer",
    enter: onSubject((subject, driver, stage) => {
      stage.hold(["teardown"]);
      closeAndTearDown(driver, subject);
      stage.revokeLater(subject.key, false);
    }),
  },
  {
    /** The host takes a channel away and offers it anew. */
    name: "offered-anew",
    enter: onSubject((subject, _driver, stage) => {
      stage.hold([]);
      stage.revokeLater(subject.key, true);
    }),
  },
  {
    /** A guest that has left makes contact again, and a host behind its bus takes its time. */
    name: "contact-kept",
    enter(driver, stage) {
      leave(driver);
      stage.hold(["connection"]);
      contact(driver);
    },
  },
  {
    /** One answer fills the slot of a guest that does not take it, and another one waits. */
    name: "message-pending",
    enter(driver) {
      driver.setHoldsSlot(true);
      modifyConnection(driver);
      modifyConnection(driver);
    },
  },
] as const satisfies readonly Step[];

/** Closes a channel and takes its memory back. */
export function closeAndTearDown(driver: VmbusDriver, channel: GuestChannel): void {
  closeChannel(driver, channel);
  for (const gpadl of channel.gpadls) teardownGpadl(driver, channel, gpadl);
}
