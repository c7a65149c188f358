/**
 * The matrix of the xenstore daemons: releases, what is asked of a live update, what clients have
 * under way, and what becomes of the state in between.
 *
 * @module
 */
import { constraint, type Space } from "../../axis.ts";
import { RELEASES, releaseNamed, understands } from "./releases.ts";
import { STREAM_FAULTS } from "./stream_faults.ts";

const NO_FAULT = "none";
const NO_LOAD = "none";
/** What clients have under way at the first save; suites say how that comes about. */
const LOADS = [
  ...["transaction", "half-request", "header-only", "unread-answers", "target"],
  ...["ending-transaction", "late-transactions", "half-behind", "busy"],
  ...["cancelled", "failed-update", "cut-answers", "unread-socket"],
  ...[
    "dead-domain",
    "dying-domain",
    "vanished-domain",
    "longest",
    "exact-path",
    "crowd",
    "odd-watches",
  ],
  ...["low-quota", "high-quota", "remade", "limits", "strange-owner"],
];

/** Their rules of update are those of a newer one that is there. */
const OLDER_MODELS = ["reference-c-4.17", "reference-oxenstored-4.17"];

export const xenstoredSpace: Space = {
  implementation: "xenstored",
  releases: RELEASES.map(({ name }) => name),
  families: [
    ["c-4.17", "c-4.20", "reference-c-4.20"],
    ["oxenstored-4.17", "oxenstored-4.20", "reference-oxenstored-4.20"],
  ],
  configurations: [{}],
  axes: [
    {
      name: "forced",
      per: "save",
      values: ["no", "yes"],
      neutral: "no",
      reserved: true,
      onDemand: true,
      meaning: "The update is asked for with -F: it does not wait for open transactions",
    },
    {
      name: "load",
      per: "path",
      values: [NO_LOAD, ...LOADS],
      neutral: NO_LOAD,
      reserved: true,
      onlyFirst: true,
      onDemand: true,
      meaning: "What clients have under way at the first save; a claim about it brings it about",
    },
    {
      name: "fault",
      per: "path",
      values: [NO_FAULT, ...STREAM_FAULTS.c],
      neutral: NO_FAULT,
      reserved: true,
      onlyFirst: true,
      onDemand: true,
      meaning: "One change of the first state before it is restored",
    },
  ],
  constraints: [
    constraint({
      name: "other-program-reads-nothing",
      reason:
        "The reader does not know what the writer leaves, and exits before it has read anything",
      over: ["fault", "load", "forced", "writer", "reader"],
      allows: ({ fault, load, forced, writer, reader }) =>
        (fault === NO_FAULT && load === NO_LOAD && forced === "no") ||
        understands(releaseNamed(reader), releaseNamed(writer)),
    }),
    constraint({
      name: "one-writer-of-each-stream",
      reason: "What a reader makes of a changed state does not depend on the program that wrote it",
      over: ["fault", "writer", "reader"],
      allows: ({ fault, writer, reader }) =>
        fault === NO_FAULT ||
        writer === reader ||
        (releaseNamed(writer).kind === "real" && reader !== "reference-c-4.22"),
    }),
    constraint({
      name: "older-models-in-plain-updates",
      reason: "As 4.17 the model answers otherwise and is updated as it is as 4.20",
      over: ["fault", "load", "forced", "writer", "reader"],
      allows: ({ fault, load, forced, writer, reader }) =>
        (fault === NO_FAULT && load === NO_LOAD && forced === "no") ||
        ![writer, reader].some((name) => OLDER_MODELS.includes(name)),
    }),
    constraint({
      name: "text-has-no-records",
      reason: "Oxenstored saves lines of text, which have no header, no lengths and no padding",
      over: ["fault", "writer"],
      allows: ({ fault, writer }) =>
        fault === NO_FAULT || STREAM_FAULTS[releaseNamed(writer).dialect].includes(fault),
    }),
  ],
};
