/**
 * Where real xenstore daemons are known to answer otherwise than the model, which does what the
 * documentation says there; each with a sequence that shows it.
 *
 * @module
 */
import type { KnownDifference } from "../../harness/mod.ts";

const SOURCE = "https://xenbits.xen.org/gitweb/?p=xen.git;a=blob;f=tools";
const C_CORE = `${SOURCE}/xenstore/xenstored_core.c;hb=refs/heads/stable-4.17`;
const C_TRANSACTION = `${SOURCE}/xenstore/xenstored_transaction.c;hb=refs/heads/stable-4.17`;
const C_DOMAIN = `${SOURCE}/xenstored/domain.c`;
const OCAML_PROCESS = `${SOURCE}/ocaml/xenstored/process.ml`;
const OCAML_STORE = `${SOURCE}/ocaml/xenstored/store.ml`;
const OCAML_XB = `${SOURCE}/ocaml/libs/xb/xb.ml`;

const C = ["c-4.17", "c-4.20"];
const OCAML = ["oxenstored-4.17", "oxenstored-4.20"];

/** What a client can do to everybody. */
const FATAL: readonly KnownDifference[] = [
  {
    name: "c-4.17-dies-of-reset-watches-in-a-transaction",
    daemons: ["c-4.17"],
    sequence: [
      String.raw`c0 INTRODUCE "5\01\05\0"`,
      String.raw`dom5 TRANSACTION_START > t1 "\0"`,
      String.raw`dom5 RESET_WATCHES @t1 "\0"`,
    ],
    theirs: "the daemon ended with SIGABRT",
    leavesOut: /RESET_WATCHES @/,
    link: C_TRANSACTION,
    note:
      "RESET_WATCHES ends all transactions and asserts that none is under way; with the number " +
      "of an open transaction in its header one is. Any guest can stop the daemon so.",
  },
  {
    name: "c-4.17-dies-of-a-path-without-end",
    daemons: ["c-4.17"],
    sequence: [String.raw`c0 WATCH "/a\0t\0"`, 'c0 READ "/a"'],
    theirs: "the daemon ended with SIGABRT",
    leavesOut: /(?:READ|DIRECTORY|GET_PERMS|MKDIR|RM)(?:\*\d+)?(?: @\S+)? "(?!(?:(?!\\0).)*\\0"$)/,
    link: C_CORE,
    note:
      "A path that does not end in its only NUL is refused with whatever errno was left before. " +
      "After a WATCH it is 0: no answer is made, and the daemon asserts that there is one.",
  },
  {
    name: "c-4.17-leaves-errno-for-special-nodes",
    daemons: ["c-4.17"],
    sequence: [String.raw`c0 WATCH "/a\0t\0"`, String.raw`c0 SET_PERMS "@other\0n0\0"`],
    theirs: "the daemon ended with SIGABRT",
    leavesOut: /^dom\d+ SET_PERMS[^"]* "@|SET_PERMS[^"]* "@(?!(?:release|introduce)Domain\\0)/,
    link: C_CORE,
    note: "SET_PERMS of a special node that is refused answers whatever errno was left before.",
  },
  {
    name: "oxenstored-dies-of-a-domain-that-releases-itself",
    daemons: OCAML,
    sequence: [
      String.raw`c0 INTRODUCE "6\01\06\0"`,
      String.raw`c0 SET_TARGET "6\00\0"`,
      String.raw`dom6 RELEASE "6\0"`,
    ],
    theirs: "the daemon ended with SIGSEGV",
    link: OCAML_PROCESS,
    note:
      "A domain that acts for domain 0 may release itself; its ring is unmapped, and the answer " +
      "is then written there.",
  },
];

/** What domain 0 had better not do. */
const OWNERS: readonly KnownDifference[] = [
  {
    name: "c-dies-of-a-target-that-is-released-twice",
    daemons: C,
    sequence: [
      String.raw`c0 INTRODUCE "5\01\05\0"`,
      String.raw`c0 INTRODUCE "7\01\07\0"`,
      String.raw`c0 SET_TARGET "7\05\0"`,
      String.raw`c0 RELEASE "5\0"`,
      String.raw`c0 RELEASE "5\0"`,
      String.raw`c0 RELEASE "7\0"`,
    ],
    theirs: "the daemon ended with SIGSEGV",
    leavesOut: /RELEASE(?: @\S+)? "[ +0]*5/,
    link: C_DOMAIN,
    note:
      "A domain holds on to the one that it acts for. RELEASE of that one takes this hold away " +
      "and nothing else; the next one frees it, while it is still pointed at.",
  },
  {
    name: "c-4.20-dies-with-the-owner-of-a-special-node",
    daemons: ["c-4.20"],
    sequence: [
      String.raw`c0 SET_PERMS "@releaseDomain\0n7\0"`,
      'xen DESTROY "7"',
      String.raw`c0 READ "/\0"`,
    ],
    theirs: "the daemon ended with SIGSEGV",
    leavesOut: /SET_PERMS[^"]* "@(?:release|introduce)Domain\\0[nrwb](?!0\\0)/,
    link: C_DOMAIN,
    note:
      "Nodes go with the domain that owns them. For a special node the daemon looks behind the " +
      "last slash of its name, which has none.",
  },
];

/** What costs nodes, or a client its connection. */
const LOSSES: readonly KnownDifference[] = [
  {
    name: "oxenstored-release-of-domain-0-empties-the-store",
    daemons: OCAML,
    sequence: [
      String.raw`c0 WRITE "/a\0v"`,
      String.raw`c0 RELEASE "0\0"`,
      String.raw`c0 READ "/a\0"`,
    ],
    theirs: "ENOENT",
    leavesOut: /RELEASE(?: @\S+)? "[+-]?0/,
    link: OCAML_STORE,
    note:
      "RELEASE of domain 0 is answered ENOENT, and all nodes that domain 0 owns are gone; the " +
      "root then belongs to domain -1.",
  },
  {
    name: "c-root-of-a-released-domain-takes-the-store-along",
    daemons: C,
    sequence: [
      String.raw`c0 INTRODUCE "6\01\06\0"`,
      String.raw`c0 SET_PERMS "/\0n6\0"`,
      String.raw`c0 RELEASE "6\0"`,
      String.raw`c0 READ "/\0"`,
    ],
    theirs: "ERROR",
    link: C_DOMAIN,
    note: "Nodes go with the domain that owns them, with all below: with the root goes everything.",
  },
  {
    name: "oxenstored-4.17-empty-request-waits-for-the-next",
    daemons: ["oxenstored-4.17"],
    sequence: ['c0 READ ""'],
    theirs: "no answer",
    leavesOut: / ""$/,
    link: OCAML_XB,
    note:
      "A request without a payload is complete with its header, and is not looked at before the " +
      "next octet comes. Whoever waits for the answer waits for ever.",
  },
  {
    name: "oxenstored-reads-on-inside-an-oversized-request",
    daemons: OCAML,
    sequence: [
      String.raw`c0 INTRODUCE "6\01\06\0"`,
      String.raw`dom6 WRITE "/a\0\{v*4096}"`,
      String.raw`dom6 GET_PERMS @t2 "//\0"`,
      String.raw`dom6 SET_PERMS "\{p*3073}\0w\0b5\0r7\0"`,
      String.raw`dom6 READ "/\{p*992}\0"`,
    ],
    theirs: "no answer",
    leavesOut: /\{v\*409[4-9]\}/,
    link: OCAML_XB,
    note:
      "A payload of more than 4096 octets is answered E2BIG, and what is behind the 4096 octets " +
      "is taken for the next request.",
  },
];

/** Which error it is. */
const ERRORS: readonly KnownDifference[] = [
  {
    name: "oxenstored-conflict-with-requests-that-are-not-replayed",
    daemons: OCAML,
    sequence: [
      String.raw`c0 INTRODUCE "5\01\05\0"`,
      String.raw`c0 TRANSACTION_START > t2 "\0"`,
      String.raw`dom5 WRITE "b\0w"`,
      String.raw`c0 WRITE "a\0\xff"`,
      String.raw`c0 RM @t2 "/b/x-1\0"`,
      String.raw`c0 WRITE "/b/a\0"`,
      String.raw`c0 MKDIR @t2 "b\0"`,
      String.raw`c0 DIRECTORY_PART @t2 "/a\05\0"`,
      String.raw`c0 TRANSACTION_END @t2 "T\0"`,
    ],
    theirs: "EINVAL",
    link: OCAML_PROCESS,
    note:
      "In a conflict the requests of the transaction are made again on older stores, to find who " +
      "is to blame; one that cannot be made again, such as DIRECTORY_PART, makes EINVAL of EAGAIN.",
  },
];

export const KNOWN: readonly KnownDifference[] = [...FATAL, ...OWNERS, ...LOSSES, ...ERRORS];
