/**
 * Seeded defects of VMBus: the server, and the client behind a relay.
 *
 * Source: microsoft/openvmm, at the link of each one.
 *
 * @module
 */
import { FEATURE } from "../vmbus/mod.ts";
import { inClient, inServer, pull, type SeededDefect } from "./defect.ts";

export const VMBUS_DEFECTS: readonly SeededDefect[] = [
  {
    name: "vmbus-forgets-waiting-messages",
    link: pull(956),
    meaning:
      "Messages that the guest has not taken yet are not saved: it waits for them for ever (also " +
      "962, 963 and 376).",
    realIn: ["2411"],
    changes: inServer({ pendingMessages: false }),
  },
  {
    name: "vmbus-reset-waits-for-an-opening-channel",
    link: pull(3491),
    meaning:
      "A reset of the machine waits for a channel that is being opened, whose device has stopped " +
      "and never answers; nobody can connect from then on.",
    changes: inServer({ resetsOpeningChannels: false }),
  },
  {
    name: "vmbus-restores-what-it-does-not-know",
    link: pull(3482),
    meaning:
      "A restore accepts versions and features above those that the release has, and the guest " +
      "goes on with what nobody serves.",
    changes: (release) => ({
      ...inServer({ checksRestored: false })(release),
      ...inClient({ checksRestored: false })(release),
    }),
  },
  {
    name: "vmbus-rescinds-closed-channels",
    link: pull(3649),
    meaning:
      "A channel that its guest has closed is rescinded at each restore and offered anew, while " +
      "the guest may be opening it (also 3955 and 4081).",
    changes: inServer({ claimsClosedChannels: false }),
  },
  {
    name: "vmbus-offers-unasked",
    link: pull(1681),
    meaning:
      "After a restore channels are offered to a guest that has made contact and not asked for " +
      "offers; when it does ask, the server panics.",
    changes: inServer({ offersOnlyOnRequest: false }),
  },
  {
    name: "vmbus-keeps-half-a-gpadl",
    link: pull(2410),
    meaning:
      "A GPADL whose messages have not all come is kept when its channel is released: a guest " +
      "that uses its id again panics the server.",
    changes: inServer({ forgetsIncompleteGpadls: false }),
  },
  {
    name: "vmbus-revokes-at-every-start",
    link: pull(2879),
    meaning:
      "What follows a restore is done at every start, also after a save that failed: a device is " +
      "asked twice to let go of a GPADL, and panics (also 3815).",
    changes: inServer({ revokesOnlyAfterRestore: false }),
  },
  {
    name: "vmbus-refuses-gpadls-of-revoked-channels",
    link: pull(3959),
    meaning:
      "A guest that has not seen yet that its channel is rescinded is refused the buffer that it " +
      "shares, which it does not expect.",
    realIn: ["2411", "2505", "1.7.2511", "1.8.2607"],
    changes: inServer({ gpadlsForRevokedChannels: false }),
  },
  {
    name: "vmbus-revokes-a-newer-offer",
    link: pull(1815),
    meaning:
      "A device that goes revokes whatever has its key by then, a channel that was offered anew " +
      "among them (also 1834).",
    changes: inServer({ revokesOwnOfferOnly: false }),
  },
  {
    name: "vmbus-releases-what-is-not-answered",
    link: pull(1100),
    meaning:
      "A channel that the host has taken away is released before the host has answered all that " +
      "it was asked: the answer finds no channel, and the client panics.",
    changes: inClient({ awaitsRevoked: false }),
  },
  {
    name: "vmbus-restore-minds-the-cap",
    link: pull(3715),
    meaning:
      "The newest version that guests are given is a limit of restores, too, so that a newer one " +
      "cannot be taken back while it is rolled out (as 3482 had it for a while).",
    changes: inServer({ limitsRestore: true }),
  },
  {
    name: "vmbus-offers-the-client-id",
    link: pull(803),
    meaning:
      "Guests are offered the feature of client ids by the first release that knows it: the one " +
      "before, for which 2411 stands here, cannot take such a guest back (also 428).",
    changes(release) {
      const { featureFlags } = release.vmbusServer;
      if (release.name !== "2411") return inServer({ offeredFlags: ALL_FLAGS })(release);
      return inServer({ featureFlags: featureFlags & ~FEATURE.clientId })(release);
    },
  },
];

/** Every bit of the features that a guest may ask for. */
const ALL_FLAGS = 0xffff_ffff;
