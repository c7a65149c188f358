/**
 * The matrix of xenopsd: releases, kinds of guests, and how a VM gets from one release to another.
 *
 * @module
 */
import { RELEASES, type Release, releaseOf } from "../../../src/xenopsd_release/mod.ts";
import { constraint, type Space } from "../../axis.ts";
import { GUESTS, type GuestName, guestNamed, hasGuest } from "./guests.ts";

export const IMPLEMENTATION = "xenopsd";

/** How a VM gets to another release, and the state it is in. */
export const WAYS = ["restart", "restart-suspended", "image", "import", "migrate"] as const;
export type Way = (typeof WAYS)[number];

function hasUnits({ image }: Release): boolean {
  return image.layout === "v2";
}

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
        "or metadata on another one, with a suspend image, of a halted VM, or of a running one",
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
      name: "migrates-in-units",
      reason: "What goes over the wire between releases of before there were units is not known",
      over: ["writer", "reader", "way"],
      allows: ({ writer, reader, way }) =>
        way !== "migrate" || [writer, reader].every((name) => hasUnits(releaseOf(name))),
    }),
    constraint({
      name: "writer-has-such-guests",
      reason: "Virtual TPMs came in 2022, PV guests in PVH domains in 2018",
      over: ["writer", "guest"],
      allows: ({ writer, guest }) => hasGuest(releaseOf(writer), guestNamed(guest as GuestName)),
    }),
  ],
};
