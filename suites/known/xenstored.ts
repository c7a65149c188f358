/**
 * What is known to break in live update of the real xenstore daemons, by factors of the edge that
 * breaks.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";
import { MODEL_C, MODEL_KNOWN, MODEL_OCAML } from "./xenstored_model.ts";

const SOURCE = "https://xenbits.xen.org/gitweb/?p=xen.git;a=blob;f=tools";
const MIGRATION =
  "https://xenbits.xen.org/gitweb/?p=xen.git;a=blob;f=docs/designs/xenstore-migration.md";
const CORE = `${SOURCE}/xenstored/core.c`;
const LIVE_UPDATE = `${SOURCE}/xenstored/lu.c`;
const DOMAIN = `${SOURCE}/xenstored/domain.c`;
const LIVE_UPDATE_OCAML = `${SOURCE}/ocaml/xenstored/process.ml`;

const C = ["c-4.17", "c-4.20"];
const OCAML = ["oxenstored-4.17", "oxenstored-4.20"];
const ALL_OCAML = [...OCAML, ...MODEL_OCAML];

/** One program into the other: the new one does not even understand how it is started. */
const OTHER_PROGRAM: readonly Expectation[] = [
  {
    name: "c-into-ocaml",
    factors: { writer: [...C, ...MODEL_C], reader: OCAML },
    verdict: "crashed",
    reason: "oxenstored: unknown option '-N'",
    link: `${SOURCE}/ocaml/xenstored/parse_arg.ml`,
    note:
      "C xenstored starts its successor with its own arguments and -U, and leaves a binary " +
      "stream; oxenstored knows neither, exits, and the store is lost with every connection.",
  },
  {
    name: "ocaml-into-c",
    factors: { writer: ALL_OCAML, reader: C },
    verdict: "crashed",
    reason: "xenstored: unrecognized option '--restart'",
    link: CORE,
    note:
      "Oxenstored starts its successor with --live --restart and leaves a text file; C xenstored " +
      "knows neither, exits, and the store is lost with every connection.",
  },
];

/** What clients have under way. */
const UNDER_WAY: readonly Expectation[] = [
  {
    name: "ocaml-force-has-no-effect",
    factors: { writer: ALL_OCAML, load: ["transaction", "late-transactions"], forced: "yes" },
    verdict: "refused",
    reason: 'answers "BUSY" to live-update -s',
    link: LIVE_UPDATE_OCAML,
    note:
      "With -F oxenstored writes its state again and again and never leaves, as its main loop " +
      "still waits until nothing prevents it from quitting.",
  },
  {
    name: "ocaml-waits-for-half-a-request",
    factors: { writer: ALL_OCAML, load: ["half-request", "header-only", "half-behind"] },
    verdict: "refused",
    reason: "0 tx, out: false",
    link: LIVE_UPDATE_OCAML,
    note: "Oxenstored saves no input: one client with half a request prevents every update.",
  },
  {
    name: "ocaml-waits-for-a-reader",
    factors: { writer: ALL_OCAML, load: ["unread-answers", "cut-answers", "unread-socket"] },
    verdict: "refused",
    reason: ": 0 tx, out: true",
    link: LIVE_UPDATE_OCAML,
    note: "Oxenstored saves no output: a client that does not read prevents every update.",
  },
  {
    name: "ocaml-waits-for-a-target",
    factors: { writer: ALL_OCAML, load: "target" },
    verdict: "refused",
    reason: 'perm: 6"rw"5"rw"',
    link: LIVE_UPDATE_OCAML,
    note:
      "Oxenstored does not save which domain acts for another; one domain with SET_TARGET " +
      "prevents every update for as long as it lives.",
  },
  {
    name: "ocaml-lets-transactions-begin",
    factors: { writer: ALL_OCAML, load: "late-transactions", forced: "no" },
    verdict: "refused",
    reason: ": 1 tx, out: false",
    link: LIVE_UPDATE_OCAML,
    note:
      "While an update waits for one transaction oxenstored lets others begin, so that clients " +
      "of whom one always has one prevent it for ever.",
  },
  {
    name: "ocaml-tells-nobody-of-the-end",
    factors: { writer: ALL_OCAML, load: "cancelled" },
    scenarios: ["xenstore-attempts/cancelled/says-so"],
    verdict: "failed",
    reason: 'told "BUSY"',
    link: LIVE_UPDATE_OCAML,
    note:
      "Oxenstored answers BUSY at once and wants to be asked again; who is called off hears " +
      "nothing of it.",
  },
  {
    name: "ocaml-forgets-who-died-between",
    factors: { reader: OCAML, load: "vanished-domain" },
    scenarios: ["xenstore-dying/vanished/is-told-of-once"],
    verdict: "failed",
    reason: 'events are ""',
    link: `${SOURCE}/ocaml/xenstored/xenstored.ml`,
    note:
      "A domain that dies between two daemons is dropped while the dump is read, and " +
      "@releaseDomain is not told of it: a toolstack that waits for its end waits for ever.",
  },
  {
    name: "c-header-stops-everyone",
    factors: { writer: C, load: "header-only" },
    verdict: "hung",
    reason: "no answer within",
    link: CORE,
    note:
      "After a header C xenstored reads the body from the same, blocking socket: a client that " +
      "sends a header and no more stops the daemon for all.",
  },
  {
    name: "c-lost-transaction-is-unknown",
    factors: { writer: [...C, ...MODEL_C], load: "transaction", forced: "yes" },
    scenarios: ["xenstore-under-way/forced/transaction-ends-in-conflict"],
    verdict: "failed",
    reason: "ending it is answered ENOENT",
    link: `${MIGRATION}#transaction_data`,
    note:
      "A forced update drops transactions and saves no record of them: their end is answered " +
      "ENOENT, which no client takes for a reason to try again.",
  },
  {
    name: "c-transaction-identifier-again",
    factors: { writer: [...C, ...MODEL_C], load: "transaction", forced: "yes" },
    scenarios: ["xenstore-under-way/forced/identifier-is-not-given-again"],
    verdict: "failed",
    reason: "the new transaction is 1",
    link: LIVE_UPDATE,
    note:
      "Identifiers begin at 1 again after an update, so that a client with a lost transaction " +
      "speaks in the new one without knowing.",
  },
];

/** Limits, and what goes beyond them. */
const LIMITS: readonly Expectation[] = [
  {
    name: "one-transaction-too-many",
    factors: { reader: [...C, "reference-c-4.20", ...ALL_OCAML], load: "limits" },
    scenarios: ["xenstore-quotas/transactions/are-as-many-as-stated"],
    verdict: "failed",
    reason: "the limit is 10, and 11 are possible",
    link: DOMAIN,
    note: "Both programs compare before they count: each limit allows one more than it says.",
  },
  {
    name: "ocaml-error-of-its-own",
    factors: { reader: ALL_OCAML, load: "limits" },
    scenarios: ["xenstore-quotas/errors/are-in-the-protocol"],
    verdict: "failed",
    reason: "is answered EQUOTA",
    link: `${SOURCE}/ocaml/xenstored/process.ml`,
    note: "The protocol has no EQUOTA, for which C xenstored says ENOSPC or E2BIG.",
  },
  {
    name: "c-forgets-limits",
    factors: { writer: [...C, "reference-c-4.20"], load: "low-quota" },
    scenarios: ["xenstore-quotas/set/stays-set"],
    verdict: "failed",
    reason: "one more was allowed",
    link: `${MIGRATION}#global_quota_data`,
    note:
      "Until 4.22 no limit is saved: what the toolstack has set by CONTROL quota is gone with " +
      "the old daemon.",
  },
  {
    name: "c-4.17-names-no-long-path",
    factors: { writer: ["c-4.20", "reference-c-4.20"], reader: "c-4.17", load: "longest" },
    scenarios: ["xenstore-extremes/path/is-as-*", "xenstore-extremes/watch/is-as-*"],
    verdict: "failed",
    reason: "is answered EINVAL",
    link: CORE,
    note:
      "4.20 takes longer paths from domain 0 than 4.17 does. After a way back the nodes are " +
      "there and nobody can name them.",
  },
];

/** Streams that are not as a daemon writes them. */
const STREAMS: readonly Expectation[] = [
  {
    name: "c-pending-node-is-committed",
    factors: { reader: C, fault: "stream:pending-node:restore" },
    scenarios: ["xenstore-streams/pending-node/is-not-committed"],
    verdict: "failed",
    reason: "reading it is answered with a value",
    link: CORE,
    note: "C xenstored takes each NODE_DATA for a committed one, whatever its connection says.",
  },
  {
    name: "c-needs-no-end",
    factors: { reader: C, fault: "stream:no-end:restore" },
    scenarios: ["xenstore-streams/no-end/is-refused"],
    verdict: "failed",
    reason: "as if the stream were in order",
    link: LIVE_UPDATE,
    note: "Until 4.20 the reader takes the end of the file for the END record.",
  },
  {
    name: "c-restores-half-a-stream",
    factors: { reader: C, fault: "stream:cut-half:restore" },
    scenarios: ["xenstore-streams/cut-half/is-taken-whole-or-not"],
    verdict: "failed",
    reason: "of 60 nodes are lost",
    link: LIVE_UPDATE,
    note: "Until 4.20 a stream without its second half is restored, and the update is called OK.",
  },
  {
    name: "ocaml-restores-half-a-dump",
    factors: { reader: ALL_OCAML, fault: "stream:cut-half:restore" },
    scenarios: ["xenstore-streams/cut-half/is-taken-whole-or-not"],
    verdict: "failed",
    reason: "of 60 nodes are lost",
    link: `${SOURCE}/ocaml/xenstored/xenstored.ml`,
    note: "The text of oxenstored has neither a length nor an end: half of it looks whole.",
  },
  {
    name: "c-reads-on-out-of-step",
    factors: { reader: C, fault: "stream:exact-length:restore" },
    scenarios: ["xenstore-streams/exact-length/costs-nothing"],
    verdict: "failed",
    reason: "of 60 nodes are lost",
    link: `${SOURCE}/xenstored/xenstore_state.h`,
    note:
      "C xenstored counts padding into the length, against the specification. A stream as " +
      "specified is read out of step: the update is called OK, and connections and nodes are gone.",
  },
  {
    name: "c-4.17-stream-without-last-node",
    factors: { writer: "c-4.17", reader: C, fault: "stream:cut-record:restore" },
    scenarios: ["xenstore-streams/cut-record/is-refused"],
    verdict: "failed",
    reason: "as if the stream were in order",
    link: LIVE_UPDATE,
    note: "The last record is a node: it is restored as far as it is there.",
  },
  {
    name: "c-4.20-stream-without-last-node",
    factors: {
      writer: ["c-4.20", "reference-c-4.20"],
      reader: C,
      fault: "stream:cut-record:restore",
    },
    scenarios: ["xenstore-streams/cut-record/is-refused"],
    verdict: "failed",
    reason: "ended with SIGSEGV",
    link: LIVE_UPDATE,
    note:
      "The last record is a special node, whose path is then cut off: the reader looks for it " +
      "beyond the end of the file.",
  },
  {
    name: "ocaml-needs-no-last-line",
    factors: { reader: ALL_OCAML, fault: "stream:cut-record:restore" },
    scenarios: ["xenstore-streams/cut-record/is-refused"],
    verdict: "failed",
    reason: "as if the stream were in order",
    link: `${SOURCE}/ocaml/xenstored/xenstored.ml`,
    note: "A line of which the end is missing is taken, or ignored with a warning.",
  },
  {
    name: "c-4.17-deaf-without-records",
    factors: {
      reader: "c-4.17",
      fault: ["stream:end-only:restore", "stream:cut-header:restore"],
    },
    scenarios: ["xenstore-streams/end-only/*", "xenstore-hostile/cut-header/*"],
    verdict: "failed",
    reason: "neither refuses nor answers",
    link: LIVE_UPDATE,
    note: "A stream without a record leaves a daemon that runs and listens to nobody.",
  },
  {
    name: "c-4.20-dies-without-records",
    factors: {
      reader: "c-4.20",
      fault: ["stream:end-only:restore", "stream:cut-header:restore"],
    },
    scenarios: ["xenstore-streams/end-only/*", "xenstore-hostile/cut-header/*"],
    verdict: "failed",
    reason: "ended with SIGSEGV",
    link: LIVE_UPDATE,
    note: "A stream without a record is not refused but stumbled over.",
  },
  {
    name: "c-4.17-dies-without-sockets",
    factors: { reader: "c-4.17", fault: "stream:no-global:restore" },
    scenarios: ["xenstore-streams/no-global/is-refused"],
    verdict: "failed",
    reason: "ended with SIGSEGV",
    link: DOMAIN,
    note: "Without GLOBAL_DATA there is no event channel, and the first connection needs it.",
  },
  {
    name: "c-4.20-goes-on-without-sockets",
    factors: { reader: "c-4.20", fault: "stream:no-global:restore" },
    scenarios: ["xenstore-streams/no-global/is-refused"],
    verdict: "failed",
    reason: "as if the stream were in order",
    link: DOMAIN,
    note: "Without GLOBAL_DATA the update is called OK, and no new client can come ever after.",
  },
  {
    name: "c-4.17-dies-while-it-refuses",
    factors: {
      reader: "c-4.17",
      fault: [
        "stream:no-parent:restore",
        "stream:watch-of-nobody:restore",
        "stream:no-permissions:restore",
      ],
    },
    scenarios: [
      "xenstore-streams/no-parent/*",
      "xenstore-streams/watch-of-nobody/*",
      "xenstore-streams/no-permissions/*",
    ],
    verdict: "failed",
    reason: "ended with SIGSEGV",
    link: CORE,
    note:
      "It says FATAL and why, and then dies of SIGSEGV in place of an exit code, when it has " +
      "restored connections before.",
  },
  {
    name: "c-4.20-dies-while-it-refuses",
    factors: { reader: "c-4.20", fault: "stream:node-twice:restore" },
    scenarios: ["xenstore-streams/node-twice/*"],
    verdict: "failed",
    reason: "ended with SIGSEGV",
    link: CORE,
    note: "It says FATAL and why, and then dies of SIGSEGV in place of an exit code.",
  },
  {
    name: "c-4.17-deletes-what-is-pending",
    factors: { reader: "c-4.17", fault: "stream:pending-delete:restore" },
    scenarios: ["xenstore-streams/pending-delete/costs-nothing"],
    verdict: "failed",
    reason: "of 60 nodes are lost",
    link: CORE,
    note: "A node that a transaction only means to delete is written without permissions.",
  },
  {
    name: "c-4.20-dies-of-what-is-pending",
    factors: { reader: "c-4.20", fault: "stream:pending-delete:restore" },
    scenarios: ["xenstore-streams/pending-delete/costs-nothing"],
    verdict: "crashed",
    reason: "FATAL: write node error restoring node",
    link: CORE,
    note: "A node that a transaction only means to delete is taken for a committed one, and fatal.",
  },
  {
    name: "c-needs-connections-before-nodes",
    factors: { reader: C, fault: "stream:nodes-first:restore" },
    scenarios: ["xenstore-streams/nodes-first/costs-nothing"],
    verdict: "crashed",
    reason: "ended with SIGSEGV",
    link: DOMAIN,
    note:
      "Nodes are charged to their domains, which only the connections make known. The " +
      "specification names no such dependency.",
  },
  {
    name: "c-dies-of-an-owner-that-is-not-introduced",
    factors: { reader: C, load: "strange-owner" },
    scenarios: ["xenstore-domains/strangers/keep-their-nodes"],
    verdict: "crashed",
    reason: "FATAL: write node error restoring node",
    link: DOMAIN,
    note:
      "A node may be given to a domain that runs and is not introduced. The new daemon knows " +
      "domains by their connections alone, cannot charge the node to its owner, and exits: the " +
      "store is lost with every connection.",
  },
  {
    name: "ocaml-goes-on-without-sockets",
    factors: { reader: OCAML, fault: "stream:no-global:restore" },
    scenarios: ["xenstore-streams/no-global/is-refused"],
    verdict: "failed",
    reason: "as if the stream were in order",
    link: `${SOURCE}/ocaml/xenstored/xenstored.ml`,
    note: "Without its line of descriptors the dump is taken, and the socket of old is forgotten.",
  },
  {
    name: "c-reads-beyond-a-path",
    factors: { reader: C, fault: "stream:path-beyond:restore" },
    scenarios: ["xenstore-hostile/path-beyond/is-refused"],
    verdict: "failed",
    reason: "as if the stream were in order",
    link: LIVE_UPDATE,
    note: "The length of a path is not compared with that of its record.",
  },
  {
    name: "c-reads-beyond-a-record",
    factors: {
      reader: C,
      fault: [
        "stream:length-max:restore",
        "stream:permissions-beyond:restore",
        "stream:path-empty:restore",
      ],
    },
    scenarios: [
      "xenstore-hostile/length-max/*",
      "xenstore-hostile/permissions-beyond/*",
      "xenstore-hostile/path-empty/*",
    ],
    verdict: "failed",
    reason: "ended with SIGSEGV",
    link: LIVE_UPDATE,
    note: "Neither lengths nor counts are compared with what there is, nor paths with being there.",
  },
];

export const KNOWN: readonly Expectation[] = [
  ...UNDER_WAY,
  ...LIMITS,
  ...STREAMS,
  ...OTHER_PROGRAM,
  ...MODEL_KNOWN,
];
