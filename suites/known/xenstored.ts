/**
 * What is known to break in live update of the real xenstore daemons, by factors of the edge that
 * breaks.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";

const SOURCE = "https://xenbits.xen.org/gitweb/?p=xen.git;a=blob;f=tools";

const C = ["c-4.17", "c-4.20"];
const OCAML = ["oxenstored-4.17", "oxenstored-4.20"];

/** One program into the other: the new one does not even understand how it is started. */
const OTHER_PROGRAM: readonly Expectation[] = [
  {
    name: "c-into-ocaml",
    factors: { writer: C, reader: OCAML },
    verdict: "crashed",
    reason: "oxenstored: unknown option '-N'",
    link: `${SOURCE}/ocaml/xenstored/parse_arg.ml`,
    note:
      "C xenstored starts its successor with its own arguments and -U, and leaves a binary " +
      "stream; oxenstored knows neither, exits, and the store is lost with every connection.",
  },
  {
    name: "ocaml-into-c",
    factors: { writer: OCAML, reader: C },
    verdict: "crashed",
    reason: "xenstored: unrecognized option '--restart'",
    link: `${SOURCE}/xenstored/xenstored_core.c`,
    note:
      "Oxenstored starts its successor with --live --restart and leaves a text file; C xenstored " +
      "knows neither, exits, and the store is lost with every connection.",
  },
];

export const KNOWN: readonly Expectation[] = [...OTHER_PROGRAM];
