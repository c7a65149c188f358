/**
 * The matrix of the xenstore daemons: releases and what is asked of a live update.
 *
 * @module
 */
import type { Space } from "../../axis.ts";
import { RELEASES } from "./releases.ts";

export const xenstoredSpace: Space = {
  implementation: "xenstored",
  releases: RELEASES.map(({ name }) => name),
  configurations: [{}],
  axes: [
    {
      name: "forced",
      per: "save",
      values: ["no", "yes"],
      neutral: "no",
      reserved: true,
      meaning: "The update is asked for with -F: it does not wait for open transactions",
    },
  ],
  constraints: [],
};
