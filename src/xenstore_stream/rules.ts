/**
 * Every demand of the migration specification that can be seen in a stream, with its section and
 * the code of the violation that tells when it is not met.
 *
 * What cannot be seen in a stream is no rule here: that there is a record for each connection,
 * watch and node; that a descriptor is open; that a port is that of its domain. Octets that do not
 * begin with `ident` are no stream at all, and are refused.
 *
 * Source: Xen, docs/designs/xenstore-migration.md at c447b7308b (4.23-dev), and PATCH v3 of April
 * 2020 where it is the draft; docs/misc/xenstore.txt for paths and tokens.
 *
 * @module
 */

export interface Rule {
  /** Sections of the specification that demand it. */
  readonly sections: readonly string[];
  readonly must: string;
}

export const RULES = {
  "header-version": {
    sections: ["Header"],
    must: "version is 1 or 2, big-endian like all of the header; of the draft it is 1",
  },
  "header-flags": { sections: ["Header"], must: "flags 1 to 31 are reserved and zero" },
  "header-order": {
    sections: ["Header"],
    must: "flag 0 tells the byte order of the records: 0 little-endian, 1 big-endian",
  },
  "record-whole": {
    sections: ["Records"],
    must: "a record has type and len, and as many octets of body as len says",
  },
  "record-length": {
    sections: ["Records"],
    must: "len is the length of the body: that of its fields, without the padding",
  },
  "record-padded": {
    sections: ["Records"],
    must: "padding of 0 to 7 octets follows the body, up to a multiple of 8",
  },
  "record-padding": {
    sections: ["Records"],
    must: "padding, and fields that the version does not have, are written as zero",
  },
  "record-type": { sections: ["Records"], must: "types that are reserved are not used" },
  "records-max": { sections: ["Records"], must: "there are no more records than can be held" },
  "end-there": { sections: ["END"], must: "an END record marks the end of the image" },
  "end-last": { sections: ["END"], must: "END is the final record in the stream" },
  "end-empty": { sections: ["END"], must: "the body of END has the length 0" },
  "global-once": { sections: ["GLOBAL_DATA"], must: "there is one record of global state" },
  "global-fd": { sections: ["GLOBAL_DATA"], must: "descriptors are such, or -1 for unused ones" },
  "connection-id": {
    sections: ["CONNECTION_DATA"],
    must: "conn-id is not zero and identifies one connection",
  },
  "connection-once": {
    sections: ["CONNECTION_DATA"],
    must: "there is one record for each connection: for a domain, and for a socket",
  },
  "connection-type": {
    sections: ["CONNECTION_DATA"],
    must: "conn-type is 0, a shared ring, or 1, a socket; others are reserved",
  },
  "connection-fields": {
    sections: ["CONNECTION_DATA"],
    must: "bits of fields but the first are zero; flags of the draft are zero for a ring",
  },
  "connection-domid": {
    sections: ["CONNECTION_DATA"],
    must: "domid is that of a domain, and tdomid, too, or DOMID_INVALID",
  },
  "connection-socket": { sections: ["CONNECTION_DATA"], must: "socket-fd is a descriptor" },
  "connection-out-resp-len": {
    sections: ["CONNECTION_DATA"],
    must: "out-resp-len counts octets of out-data, so that it is no more than out-data-len",
  },
  "watch-connection": {
    sections: ["WATCH_DATA", "WATCH_DATA_EXTENDED"],
    must: "conn-id is that of a CONNECTION_DATA record previously present",
  },
  "watch-path": {
    sections: ["WATCH_DATA", "WATCH_DATA_EXTENDED"],
    must: "wpath is a path that WATCH takes, and its length includes the NUL that ends it",
  },
  "watch-token": {
    sections: ["WATCH_DATA", "WATCH_DATA_EXTENDED"],
    must: "token has no NUL but the one that ends it, which its length includes",
  },
  "watch-once": {
    sections: ["WATCH_DATA", "WATCH_DATA_EXTENDED"],
    must: "there is one record, of one of the two types, for each watch of a connection",
  },
  "watch-extended-version": {
    sections: ["WATCH_DATA_EXTENDED"],
    must: "the record is valid in version 2 and later only",
  },
  "watch-extended-head": {
    sections: ["WATCH_DATA_EXTENDED"],
    must: "depth and pad, of two octets each, come before wpath",
  },
  "transaction-connection": {
    sections: ["TRANSACTION_DATA"],
    must: "conn-id is that of a CONNECTION_DATA record previously present",
  },
  "transaction-id": {
    sections: ["TRANSACTION_DATA"],
    must: "tx-id is one that TRANSACTION_START gives: not zero, and once for a connection",
  },
  "node-path": {
    sections: ["NODE_DATA"],
    must: "path is the absolute path of a node, and its length includes the NUL that ends it",
  },
  "node-once": {
    sections: ["NODE_DATA"],
    must: "there is one record for each node, committed or of a transaction",
  },
  "node-parent": {
    sections: ["NODE_DATA"],
    must: "the parent of a committed node has come before it; not in the draft",
  },
  "node-transaction": {
    sections: ["NODE_DATA"],
    must: "a node of a transaction follows the TRANSACTION_DATA that conn-id and tx-id name",
  },
  "node-access": { sections: ["NODE_DATA"], must: "access is an OR of 1, read, and 2, written" },
  "node-deleted": {
    sections: ["NODE_DATA"],
    must: "a node that is deleted in its transaction has no permissions and no value",
  },
  "node-perms": {
    sections: ["NODE_DATA"],
    must: "a node that is there has permissions, of which the first names its owner",
  },
  "node-perm": { sections: ["NODE_DATA"], must: "perm is w, r, b or n" },
  "node-perm-flags": {
    sections: ["NODE_DATA"],
    must: "of flags only the first bit, for stale, is used; in the draft it is padding",
  },
  "quota-once": { sections: ["GLOBAL_QUOTA_DATA"], must: "there is one record of global quotas" },
  "quota-name": {
    sections: ["GLOBAL_QUOTA_DATA", "DOMAIN_DATA"],
    must: "each value has a name of its own, which ends in NUL",
  },
  "domain-domid": { sections: ["DOMAIN_DATA"], must: "domain-id is that of a domain" },
  "domain-once": { sections: ["DOMAIN_DATA"], must: "the record is present once for each domain" },
  "domain-features": {
    sections: ["DOMAIN_DATA"],
    must: "features are valid in version 2 and later only, and zero before",
  },
  "dump-line": { sections: ["lines"], must: "oxenstored understands each line of its dump" },
  "dump-watch": { sections: ["watch"], must: "a watch follows the dom or socket that has it" },
  "dump-whole": { sections: ["lines"], must: "the last line ends in a line feed" },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleCode = keyof typeof RULES;
