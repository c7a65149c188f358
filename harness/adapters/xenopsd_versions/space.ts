/**
 * The matrix of xenopsd: releases, kinds of guests, and how a VM gets from one release to another.
 *
 * @module
 */
import { RELEASES, releaseOf } from "../../../src/xenopsd_release/mod.ts";
import { constraint, type Space } from "../../axis.ts";
import { GUESTS, type GuestName, guestNamed, hasGuest } from "./guests.ts";

export const IMPLEMENTATION = "xenopsd";

/** How a VM gets to another release, and the state it is in. */
export const WAYS = ["restart", "restart-suspended", "image", "import"] as const;
export type Way = (typeof WAYS)[number];

export const xenopsdSpace: Space = {
  implementation: IMPLEMENTATION,
  releases: RELEASES.map(({ name }) => name),
  configurations: [{}],
  axes: [
    {
      name: "way",
      per: "path",
      values: WAYS,
      meaning:
        "What the next release gets: files of a running or a suspended VM on the same host, " +
        "or metadata on another one, with a suspend image or of a halted VM",
    },
    {
      name: "guest",
      per: "path",
      values: Object.keys(GUESTS),
      meaning: "The kind of the guest",
    },
  ],
  constraints: [
    constraint({
      name: "writer-has-such-guests",
      reason: "Virtual TPMs came in 2022, PV guests in PVH domains in 2018",
      over: ["writer", "guest"],
      allows: ({ writer, guest }) => hasGuest(releaseOf(writer), guestNamed(guest as GuestName)),
    }),
  ],
};
