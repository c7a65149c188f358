/**
 * The implementations whose behaviour the model has: data, each line of which a real daemon has
 * shown (fixtures/xenstore/wire-diff.txt), or its documentation says.
 *
 * @module
 */

import { C_DOMAINS, removeNodesOf } from "./c_domains.ts";
import { C_NODES } from "./c_nodes.ts";
import { C_WATCHES } from "./c_watches.ts";
import { CONTROL, LENIENT_CONTROL, QUOTAS_AND_FEATURES } from "./control_requests.ts";
import { GENERATIONS } from "./generation_transaction.ts";
import { OCAML_DOMAINS, removeOrphans } from "./ocaml_domains.ts";
import { OCAML_NODES } from "./ocaml_nodes.ts";
import { OCAML_WATCHES } from "./ocaml_watches.ts";
import type { Profile } from "./request.ts";
import { SESSION } from "./session_requests.ts";
import { SNAPSHOTS } from "./snapshot_transaction.ts";
import { TYPE } from "./wire.ts";

/** Longest payload: no limit of its own. */
const ANY = 4096;

const C_4_20: Profile = {
  name: "c-4.20",
  quotas: {
    nodes: 1000,
    // Counted before it is added, and compared with >: one more than the number in the manual.
    watches: 129,
    transactions: 11,
    transactionNodes: 1024,
    perms: 5,
    nodeOctets: 2048,
    outstanding: 20,
  },
  pathMax: { privileged: ANY, guest: 2048 },
  handlers: { ...SESSION, ...C_DOMAINS, ...CONTROL, ...C_NODES },
  transactions: GENERATIONS,
  watchRules: C_WATCHES,
  errors: {
    noTerminator: "EINVAL",
    unknownTransaction: "ENOENT",
    unknownDomain: "ENOENT",
    watchQuota: "E2BIG",
    transactionQuota: "ENOSPC",
    chown: "EPERM",
  },
  specialsInTree: false,
  specialPerms: "n0",
  tool: "",
  oversize: "close",
  features: undefined,
  dropsDuplicates: true,
  hasLiveUpdate: true,
  quotaNames: {},
  removeDomain: (daemon, _, domid) => removeNodesOf(daemon, domid),
  privilegedTypes: [
    TYPE.CONTROL,
    TYPE.INTRODUCE,
    TYPE.RELEASE,
    TYPE.RESUME,
    TYPE.SET_TARGET,
    TYPE.IS_DOMAIN_INTRODUCED,
  ],
  nodeRoom: { head: 16, exclusive: false },
  state: "stream",
  streamVersion: 1,
  readsVersion: 1,
};

const C_4_17: Profile = {
  ...C_4_20,
  name: "c-4.17",
  pathMax: { privileged: 2048, guest: 2048 },
  errors: { ...C_4_20.errors, noTerminator: "ENOENT" },
  specialPerms: undefined,
  nodeRoom: { head: 24, exclusive: true },
  quotaNames: { permissions: "node-permissions", "node-permissions": "" },
};

const C_4_14: Profile = {
  ...C_4_17,
  name: "c-4.14",
  pathMax: { privileged: 3072, guest: 2048 },
  errors: { ...C_4_20.errors, chown: "EINVAL" },
  oversize: "ignore",
  hasLiveUpdate: false,
};

const C_4_22: Profile = {
  ...C_4_20,
  name: "c-4.22",
  quotas: { ...C_4_20.quotas, watches: 127, transactions: 9 },
  handlers: { ...C_4_20.handlers, ...QUOTAS_AND_FEATURES },
  errors: { ...C_4_20.errors, watchQuota: "ENOSPC" },
  specialPerms: "n0\0r32757",
  features: 14,
  streamVersion: 2,
  readsVersion: 2,
};

const OCAML_4_20: Profile = {
  name: "ocaml-4.20",
  quotas: {
    nodes: 1000,
    watches: 101,
    transactions: 11,
    // Requests, not nodes.
    transactionNodes: 1024,
    perms: Number.POSITIVE_INFINITY,
    nodeOctets: 2048,
    outstanding: 1024,
  },
  pathMax: { privileged: 1024, guest: 1024 },
  handlers: { ...SESSION, ...OCAML_DOMAINS, ...LENIENT_CONTROL, ...OCAML_NODES },
  transactions: SNAPSHOTS,
  watchRules: OCAML_WATCHES,
  errors: {
    noTerminator: "EINVAL",
    unknownTransaction: "EIO",
    unknownDomain: "EINVAL",
    watchQuota: "EQUOTA",
    transactionQuota: "EQUOTA",
    chown: "EACCES",
  },
  specialsInTree: true,
  specialPerms: "n0",
  tool: "/usr/sbin/oxenstored",
  oversize: "cut",
  features: undefined,
  dropsDuplicates: false,
  hasLiveUpdate: true,
  quotaNames: {},
  removeDomain(daemon, tree, domid) {
    removeOrphans(tree, domid);
    daemon.domains.forget(domid);
  },
  privilegedTypes: undefined,
  nodeRoom: { head: 0, exclusive: false },
  state: "text",
  streamVersion: 1,
  readsVersion: 1,
};

const OCAML_4_17: Profile = {
  ...OCAML_4_20,
  name: "ocaml-4.17",
};

/** By name; `c` and `ocaml` are the newest that Debian has, but that `c` reads any stream. */
export const PROFILES: Readonly<Record<string, Profile>> = {
  c: { ...C_4_20, readsVersion: 2 },
  ocaml: OCAML_4_20,
  "c-4.14": C_4_14,
  "c-4.17": C_4_17,
  "c-4.20": C_4_20,
  "c-4.22": C_4_22,
  "ocaml-4.17": OCAML_4_17,
  "ocaml-4.20": OCAML_4_20,
};
