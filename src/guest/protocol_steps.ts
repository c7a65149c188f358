/**
 * The steps of the protocol in their order, so that a save can be made at each of them. Each one
 * leaves something under way: a message that was not taken, an answer that a device keeps.
 *
 * @module
 */
import { createGpadl, prepareMemory } from "./channel_memory.ts";
import {
  closeChannel,
  modifyChannel,
  openChannel,
  releaseChannel,
  sendPackets,
} from "./channel_requests.ts";
import { contact, modifyConnection, requestOffers, unload } from "./connection_requests.ts";
import type { GuestChannel } from "./driver_state.ts";
import { openAll } from "./going_on.ts";
import { onSubject, type Stage, type Step } from "./stage.ts";
import { closeAndTearDown, STEPS_ASIDE } from "./steps_aside.ts";
import type { VmbusDriver } from "./vmbus_driver.ts";

const freeSlot = (driver: VmbusDriver) => driver.setHoldsSlot(false);
const answer = (_driver: VmbusDriver, stage: Stage) => stage.answerHeld();

/** Processor that a channel's interrupts are moved to. */
const OTHER_VP = 3;

/** Packets that are left in flight in each channel. */
const PACKETS_IN_FLIGHT = 3;

const STEPS = [
  { name: "not-connected" },
  {
    name: "contact-sent",
    enter(driver) {
      driver.setHoldsSlot(true);
      contact(driver);
    },
    leave(driver) {
      freeSlot(driver);
      // Versions that are refused are given up one by one.
      const [oldest] = driver.versions;
      while (driver.state.connection === "none" && driver.state.versionAsked !== oldest) {
        contact(driver);
      }
    },
  },
  { name: "connected" },
  {
    name: "offers-requested",
    enter(driver) {
      driver.setHoldsSlot(true);
      requestOffers(driver);
    },
    leave: freeSlot,
  },
  { name: "offers-delivered" },
  { name: "gpadl-begun", enter: onSubject(beginGpadl) },
  {
    name: "gpadl-offered",
    enter(driver, stage) {
      stage.hold(["gpadl"]);
      onSubject(createGpadls)(driver, stage);
    },
    leave: answer,
  },
  { name: "gpadl-created" },
  {
    name: "open-sent",
    enter(driver, stage) {
      stage.hold(["open"]);
      onSubject((subject) => openChannel(driver, subject))(driver, stage);
    },
    leave: answer,
  },
  { name: "open", enter: openAll },
  {
    name: "modify-channel-sent",
    enter(driver, stage) {
      stage.hold(["modify"]);
      onSubject((subject) => modifyChannel(driver, subject, OTHER_VP))(driver, stage);
    },
    leave: answer,
  },
  {
    name: "modify-connection-sent",
    enter(driver, stage) {
      stage.hold(["connection"]);
      driver.setHoldsSlot(true);
      modifyConnection(driver);
    },
    leave(driver, stage) {
      stage.answerHeld();
      freeSlot(driver);
    },
  },
  {
    name: "ring-in-flight",
    enter(driver, stage) {
      stage.hold(["packets"]);
      for (const channel of driver.planned()) sendPackets(driver, channel, PACKETS_IN_FLIGHT);
    },
    leave: answer,
  },
  {
    name: "close-sent",
    enter(driver, stage) {
      stage.hold(["close"]);
      onSubject((subject) => closeChannel(driver, subject))(driver, stage);
    },
  },
  {
    name: "reopen-sent",
    enter: onSubject((subject, driver) => openChannel(driver, subject)),
    leave: answer,
  },
  {
    name: "gpadl-teardown-sent",
    enter(driver, stage) {
      stage.hold(["teardown"]);
      onSubject((subject) => closeAndTearDown(driver, subject))(driver, stage);
    },
    leave: answer,
  },
  {
    name: "rescinded",
    enter(driver, stage) {
      openAll(driver);
      onSubject(({ key }) => stage.revoke(key))(driver, stage);
    },
  },
  {
    name: "released",
    enter(driver) {
      const gone = [...driver.state.channels.values()].filter(({ rescinded }) => rescinded);
      for (const channel of gone) releaseChannel(driver, channel);
    },
  },
  {
    name: "unload-sent",
    enter(driver, stage) {
      stage.hold(["close", "teardown"]);
      unload(driver);
    },
    leave: answer,
  },
] as const satisfies readonly Step[];

export type ProtocolStep = (typeof STEPS | typeof STEPS_ASIDE)[number]["name"];

/** Every step, in its order; then those that no other comes after. */
export const PROTOCOL_STEPS: readonly ProtocolStep[] = [...STEPS, ...STEPS_ASIDE].map(
  ({ name }) => name,
);

/**
 * Takes a guest that has not made contact to `target`: through every step before it, or from open
 * channels to one that is aside.
 */
export function advanceTo(driver: VmbusDriver, target: ProtocolStep, stage: Stage): void {
  const aside = STEPS_ASIDE.find(({ name }) => name === target);
  if (aside !== undefined) {
    openAll(driver);
    aside.enter(driver, stage);
    return;
  }
  for (const step of STEPS as readonly Step[]) {
    step.enter?.(driver, stage);
    if (step.name === target) return;
    step.leave?.(driver, stage);
  }
}

function beginGpadl(subject: GuestChannel, driver: VmbusDriver): void {
  prepareMemory(driver, subject);
  const [, long] = subject.gpadls;
  if (long !== undefined) createGpadl(driver, subject, long, true);
}

function createGpadls(subject: GuestChannel, driver: VmbusDriver): void {
  for (const gpadl of subject.gpadls) {
    if (gpadl.state === "none" || gpadl.state === "begun") createGpadl(driver, subject, gpadl);
  }
}
