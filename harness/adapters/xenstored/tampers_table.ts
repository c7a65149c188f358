/**
 * Daemons that get one thing wrong, and the scenarios that must notice. Together they make each
 * scenario of the xenstore red that the healthy model passes.
 *
 * @module
 */
import {
  type ConnectionData,
  DOMID_INVALID,
  type NodeData,
  readStream,
  StreamError,
  type StreamRecord,
  writeStream,
} from "../../../src/xenstore_stream/mod.ts";
import type { Tamper } from "./tamper.ts";

/** Octets of the answer to a request for an update. */
const UPDATED_LENGTH = 19;

/** Changes records; streams that are none are left as they are. */
function edited(change: (records: readonly StreamRecord[]) => readonly StreamRecord[]) {
  return (bytes: Uint8Array): Uint8Array => {
    try {
      const stream = readStream(bytes);
      return writeStream({ ...stream, records: change(stream.records) });
    } catch (error) {
      if (error instanceof StreamError) return bytes;
      throw error;
    }
  };
}

function eachConnection(change: (connection: ConnectionData) => Partial<ConnectionData>) {
  return edited((records) =>
    records.map((one) => (one.kind === "CONNECTION_DATA" ? { ...one, ...change(one) } : one)),
  );
}

function eachNode(change: (node: NodeData) => Partial<NodeData>) {
  return edited((records) =>
    records.map((one) => {
      if (one.kind !== "NODE_DATA") return one;
      const { kind, connId, txId, access, perms, path, value } = one;
      return { kind, connId, txId, access, perms, path, value, ...change(one) };
    }),
  );
}

function isKept({ path }: NodeData): boolean {
  return path === "/" || path.startsWith("@");
}

/** Connections of domains, and what depends on them. */
function withoutDomains(records: readonly StreamRecord[]): readonly StreamRecord[] {
  const gone = new Set(
    records.flatMap((one) =>
      one.kind === "CONNECTION_DATA" && one.spec.type === "ring" && one.spec.domid !== 0
        ? [one.connId]
        : [],
    ),
  );
  return records.filter((one) => !("connId" in one && gone.has(one.connId)));
}

function beforeEnd(records: readonly StreamRecord[], ...added: readonly StreamRecord[]) {
  return records.toSpliced(-1, 0, ...added);
}

function node(path: string): NodeData {
  const perms = [{ perm: "n", flags: 0, domid: 0 }];
  return { kind: "NODE_DATA", connId: 0, txId: 0, access: 0, perms, path, value: Buffer.from("v") };
}

/** Nodes that are not there before the update, with their parents. */
const SURPLUS = ["/surplus", "/inside", "/pending", "/content", "/content/removed"];

function isCommitted(record: StreamRecord): record is NodeData {
  return record.kind === "NODE_DATA" && record.connId === 0;
}

function withMore(records: readonly StreamRecord[]): readonly StreamRecord[] {
  const paths = new Set(records.map((one) => (isCommitted(one) ? one.path : "")));
  const added = [...SURPLUS, "/content/removed/child"].filter((path) => !paths.has(path));
  return beforeEnd(records, ...added.map(node));
}

function ringOf(domid: number): ConnectionData {
  return {
    kind: "CONNECTION_DATA",
    connId: 9000 + domid,
    fields: 0,
    spec: { type: "ring", domid, tdomid: DOMID_INVALID, evtchn: 1000 + domid },
    inData: new Uint8Array(),
    outRespLen: 0,
    outData: new Uint8Array(),
  };
}

function withDomains(records: readonly StreamRecord[], ...domids: readonly number[]) {
  const rings = records.flatMap((one) =>
    one.kind === "CONNECTION_DATA" && one.spec.type === "ring" ? [one.spec.domid] : [],
  );
  return beforeEnd(records, ...domids.filter((domid) => !rings.includes(domid)).map(ringOf));
}

const NO_OCTETS = new Uint8Array();

export const TAMPERS: readonly Tamper[] = [
  {
    name: "loses-nodes",
    stream: edited((records) => records.filter((one) => one.kind !== "NODE_DATA" || isKept(one))),
    noticedBy: [
      "xenstore-given/nodes/*",
      "xenstore-content/nodes/*",
      "xenstore-content/children/*",
      "xenstore-content/root/*",
      "xenstore-permissions/lists/*",
      "xenstore-permissions/rights/are-still-granted",
      "xenstore-permissions/children/*",
      "xenstore-domains/quota/counts-kept-nodes",
      "xenstore-under-way/forced/does-not-wait",
      "xenstore-under-way/request/is-completed",
      "xenstore-under-way/target/*",
      "xenstore-output/socket/*",
      "xenstore-dying/*/takes-nothing-*",
      "xenstore-extremes/path/*",
      "xenstore-extremes/value/*",
      "xenstore-updates/transaction/*",
      "xenstore-updates/request/*",
      "xenstore-attempts/*/changes-nothing",
      "xenstore-streams/*/costs-nothing",
      "xenstore-streams/version-two/*",
      "xenstore-streams/watch-extended/*",
      "xenstore-streams/stale-permission/*",
      "xenstore-hostile/flood/*",
    ],
  },
  {
    name: "empties-values",
    stream: eachNode(() => ({ value: NO_OCTETS })),
    noticedBy: ["xenstore-content/nodes/*", "xenstore-extremes/value/*"],
  },
  {
    name: "has-nodes-of-its-own",
    stream: edited(withMore),
    noticedBy: [
      "xenstore-content/removed/*",
      "xenstore-content/root/*",
      "xenstore-content/children/*",
      "xenstore-under-way/forced/commits-nothing",
      "xenstore-streams/pending-node/is-not-committed",
    ],
  },
  {
    name: "loses-watches",
    stream: edited((records) => records.filter(({ kind }) => kind !== "WATCH_DATA")),
    noticedBy: [
      "xenstore-watches/watch/*",
      "xenstore-watches/relative/*",
      "xenstore-watches/special/*",
      "xenstore-permissions/special/*",
      "xenstore-domains/quota/counts-kept-watches",
      "xenstore-dying/vanished/is-told-of-once",
      "xenstore-extremes/watch/*",
      "xenstore-extremes/watches/*",
      "xenstore-extremes/clients/*",
      "xenstore-quotas/usage/above-*",
      "xenstore-attempts/*/changes-nothing",
    ],
  },
  {
    name: "tells-of-what-was-not",
    events: (events) => [...events, { path: "@releaseDomain", token: "went" }],
    noticedBy: [
      "xenstore-watches/update/*",
      "xenstore-watches/watch/fires-once",
      "xenstore-permissions/special/*",
      "xenstore-dying/*/is-told-of-once",
      "xenstore-dying/dead/stays-dead",
      "xenstore-output/events/*",
    ],
  },
  {
    name: "takes-rights-away",
    stream: eachNode(() => ({ perms: [{ perm: "n", flags: 0, domid: 0 }] })),
    noticedBy: [
      "xenstore-permissions/lists/*",
      "xenstore-permissions/rights/are-still-granted",
      "xenstore-permissions/children/*",
      "xenstore-permissions/special/*",
      "xenstore-dying/dead/takes-nothing-*",
      "xenstore-under-way/target/*",
    ],
  },
  {
    name: "gives-rights-to-all",
    stream: eachNode(() => ({ perms: [{ perm: "b", flags: 0, domid: 0 }] })),
    noticedBy: [
      "xenstore-permissions/lists/*",
      "xenstore-permissions/rights/are-still-denied",
      "xenstore-permissions/special/*",
      "xenstore-domains/rings/have-no-more-rights",
      "xenstore-domains/strangers/*",
      "xenstore-dying/dead/leaves-no-rights",
      "xenstore-streams/*/grants-nothing",
    ],
  },
  {
    name: "gives-the-dead-their-rights",
    stream: eachNode(({ perms }) => ({ perms: perms.map((perm) => ({ ...perm, flags: 0 })) })),
    noticedBy: ["xenstore-dying/dead/leaves-no-rights", "xenstore-streams/stale-permission/*"],
  },
  {
    name: "loses-domains",
    stream: edited(withoutDomains),
    noticedBy: [
      "xenstore-domains/introduced/*",
      "xenstore-domains/rings/*",
      "xenstore-domains/quota/*",
      "xenstore-output/ring/*",
      "xenstore-output/events/*",
      "xenstore-under-way/answers/*",
      "xenstore-under-way/target/*",
      "xenstore-dying/*/takes-nothing-*",
      "xenstore-quotas/remade/*",
      "xenstore-quotas/usage/*",
      "xenstore-quotas/errors/*",
    ],
  },
  {
    name: "has-domains-of-its-own",
    stream: edited((records) => withDomains(records, 6, 9)),
    noticedBy: ["xenstore-domains/released/*", "xenstore-dying/dead/stays-dead"],
  },
  {
    name: "has-the-dead-among-its-domains",
    stream: edited((records) => withDomains(records, 7)),
    noticedBy: ["xenstore-dying/dead/stays-dead"],
  },
  {
    name: "loses-input",
    stream: eachConnection(() => ({ inData: NO_OCTETS })),
    noticedBy: [
      "xenstore-under-way/request/*",
      "xenstore-updates/delayed/*",
      "xenstore-updates/request/*",
    ],
  },
  {
    name: "loses-output",
    stream: eachConnection(({ outData }) =>
      outData.length === UPDATED_LENGTH ? {} : { outData: NO_OCTETS, outRespLen: 0 },
    ),
    noticedBy: ["xenstore-under-way/answers/*", "xenstore-output/*"],
  },
  {
    name: "forgets-targets",
    stream: eachConnection(({ spec }) =>
      spec.type === "ring" ? { spec: { ...spec, tdomid: DOMID_INVALID } } : {},
    ),
    noticedBy: ["xenstore-under-way/target/*"],
  },
  {
    name: "refuses-nothing",
    answer: (reply) => (reply.error === null ? reply : { ...reply, error: null, body: "OK\0" }),
    noticedBy: [
      "xenstore-content/removed/*",
      "xenstore-content/store/*",
      "xenstore-watches/watch/is-known-as-set",
      "xenstore-domains/rings/have-no-more-rights",
      "xenstore-domains/quota/*",
      "xenstore-permissions/rights/are-still-denied",
      "xenstore-under-way/forced/commits-nothing",
      "xenstore-dying/dead/leaves-no-rights",
      "xenstore-extremes/watches/*",
      "xenstore-quotas/transactions/are-as-many-as-before",
      "xenstore-quotas/errors/*",
    ],
  },
  {
    name: "refuses-everything",
    answer: (reply) => (reply.error === null ? { ...reply, error: "EPERM", body: "" } : reply),
    noticedBy: [
      "xenstore-content/store/*",
      "xenstore-watches/watch/can-be-ended",
      "xenstore-given/clients/*",
      "xenstore-given/domains/*",
      "xenstore-domains/introduced/*",
      "xenstore-domains/rings/go-on",
      "xenstore-domains/quota/*",
      "xenstore-quotas/usage/*",
      "xenstore-quotas/remade/*",
      "xenstore-updates/*",
    ],
  },
  {
    name: "answers-other-requests",
    answer: (reply) => ({ ...reply, reqId: 7 }),
    noticedBy: ["xenstore-content/answers/*"],
  },
  {
    name: "never-waits",
    neverWaits: true,
    noticedBy: ["xenstore-under-way/transaction/*"],
  },
  {
    name: "says-nothing",
    told: "OK",
    noticedBy: ["xenstore-under-way/transaction/is-waited-for", "xenstore-attempts/*/says-*"],
  },
  {
    name: "takes-anything",
    takesAnything: true,
    noticedBy: ["xenstore-streams/*/is-refused", "xenstore-hostile/*/is-refused"],
  },
  {
    name: "takes-a-part-of-anything",
    takesAnything: true,
    stream: edited((records) => records.filter((one) => one.kind !== "NODE_DATA" || isKept(one))),
    noticedBy: [
      "xenstore-streams/*/is-taken-whole-or-not",
      "xenstore-hostile/*/is-taken-whole-or-not",
    ],
  },
  {
    name: "takes-anything-and-refuses-nothing",
    takesAnything: true,
    answer: (reply) => (reply.error === null ? reply : { ...reply, error: null, body: "OK\0" }),
    noticedBy: ["xenstore-streams/*/grants-nothing"],
  },
];
