/**
 * What is known to grow in real xenstore daemons that are updated again and again.
 *
 * @module
 */
import type { KnownGrowth } from "../../harness/mod.ts";

export const KNOWN_GROWTHS: readonly KnownGrowth[] = [
  {
    name: "ocaml-logs-are-not-rotated",
    releases: ["oxenstored-4.17", "oxenstored-4.20"],
    vitals: ["file xenstored-access.log (KiB on disk)", "file xenstored.log (KiB on disk)"],
    link: "https://xenbits.xen.org/gitweb/?p=xen.git;a=blob;f=tools/ocaml/xenstored/logging.ml",
    note:
      "Oxenstored counts the lines of its logs in memory, and each update begins at none: logs " +
      "that should be renamed after 13,215 lines grow for ever.",
  },
];
