/**
 * What is known to break where the model of XenStore is one of the two daemons of a live update:
 * it stands for releases that cannot read each other's state.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";

const SOURCE = "https://xenbits.xen.org/gitweb/?p=xen.git;a=blob;f=tools";
const MIGRATION =
  "https://xenbits.xen.org/gitweb/?p=xen.git;a=blob;f=docs/designs/xenstore-migration.md";
const CORE = `${SOURCE}/xenstored/core.c`;
const CORE_4_14 = `${SOURCE}/xenstore/xenstored_core.c;hb=refs/heads/stable-4.14`;
const DOMAIN = `${SOURCE}/xenstored/domain.c`;

const C = ["c-4.17", "c-4.20"];
const OCAML = ["oxenstored-4.17", "oxenstored-4.20"];
/** The model as releases that have a live update. */
export const MODEL_C: readonly string[] = [
  "reference-c-4.17",
  "reference-c-4.20",
  "reference-c-4.22",
];
export const MODEL_OCAML: readonly string[] = [
  "reference-oxenstored-4.17",
  "reference-oxenstored-4.20",
];
/** The model as the last release without one. */
const OLD = "reference-c-4.14";

/** A state that the reader does not know. */
const OTHER_STATE: readonly Expectation[] = [
  {
    name: "c-into-a-reader-of-text",
    factors: { writer: [...C, ...MODEL_C], reader: MODEL_OCAML },
    verdict: "crashed",
    reason: 'Cannot decode first line at offset 0: must be "$xenstored-dump-format"',
    link: `${SOURCE}/ocaml/xenstored/xenstored.ml`,
    note: "As oxenstored the model only reads the text of oxenstored, and says so of a stream.",
  },
  {
    name: "ocaml-into-a-reader-of-records",
    factors: { writer: [...OCAML, ...MODEL_OCAML], reader: MODEL_C },
    verdict: "crashed",
    reason: 'Cannot decode header.ident at offset 0: must be "xenstore"',
    link: MIGRATION,
    note: "As C xenstored the model only reads the stream of records, and says so of a text.",
  },
];

/** Releases that are too old for what comes to them. */
const TOO_OLD: readonly Expectation[] = [
  {
    name: "4.14-has-no-live-update",
    factors: { writer: OLD },
    verdict: "refused",
    reason: 'answers "EINVAL" to live-update -f',
    link: CORE_4_14,
    note: "C xenstored of Xen 4.14 does not know CONTROL live-update and goes on as it was.",
  },
  {
    name: "4.14-cannot-take-over",
    factors: { writer: [...C, ...OCAML, ...MODEL_C, ...MODEL_OCAML], reader: OLD },
    verdict: "crashed",
    reason: "Cannot restore as c-4.14 has no live update",
    link: CORE_4_14,
    note: "C xenstored of Xen 4.14 knows no -U and no stream; an update into it loses the store.",
  },
  {
    name: "version-2-into-4.20",
    factors: { writer: "reference-c-4.22", reader: C },
    verdict: "crashed",
    reason: "FATAL: Unknown record identifier",
    link: `${MIGRATION}#version`,
    note:
      "Since 4.21 C xenstored writes version 2 unless it is asked for version 1 with -v; older " +
      "ones exit, and the store is lost with every connection.",
  },
  {
    name: "version-2-into-an-older-model",
    factors: { writer: "reference-c-4.22", reader: ["reference-c-4.17", "reference-c-4.20"] },
    verdict: "crashed",
    reason: "its version must be at most 1: current value is 2",
    link: `${MIGRATION}#version`,
    note: "The model as 4.17 or 4.20 refuses a stream of version 2 as they do, and says why.",
  },
  {
    name: "4.22-allows-fewer-watches",
    factors: {
      writer: [...C, "reference-c-4.17", "reference-c-4.20"],
      reader: "reference-c-4.22",
    },
    scenarios: ["xenstore-domains/quota/counts-kept-watches"],
    verdict: "failed",
    reason: "is answered ENOSPC",
    link: DOMAIN,
    note:
      "Until 4.20 a domain has 129 watches, where the manual says 128; 4.22 allows 127. A domain " +
      "at its limit is above it after the update, and a watch that it gives up is gone.",
  },
  {
    name: "4.22-allows-fewer-transactions",
    factors: { reader: "reference-c-4.22", load: "limits" },
    scenarios: ["xenstore-quotas/transactions/are-as-many-as-stated"],
    verdict: "failed",
    reason: "the limit is 10, and 9 are possible",
    link: DOMAIN,
    note: "4.22 compares as it counts, where older ones compare before: 9 of 10 are possible.",
  },
  {
    name: "4.22-allows-fewer-than-before",
    factors: { writer: [...C, "reference-c-4.20"], reader: "reference-c-4.22", load: "limits" },
    scenarios: ["xenstore-quotas/transactions/are-as-many-as-before"],
    verdict: "failed",
    reason: "there were 11, there are 9",
    link: DOMAIN,
    note: "A domain that had one transaction too many has one too few after the update.",
  },
  {
    name: "4.22-knows-depths",
    factors: {
      writer: [...C, "reference-c-4.20"],
      reader: "reference-c-4.22",
      load: "odd-watches",
    },
    verdict: "failed",
    reason: "was EINVAL, is now taken",
    link: CORE,
    note: "A third argument of WATCH is its depth since 4.22, and was an error before.",
  },
];

export const MODEL_KNOWN: readonly Expectation[] = [...OTHER_STATE, ...TOO_OLD];
