/**
 * What is known of live update of xenstore daemons and was tested by nobody, the bugs that it had,
 * and the streams that were given to daemons before: of each row the scenarios that hold it, or why
 * none does.
 *
 * Source: the log of xen.git, tools/xenstored and tools/ocaml/xenstored, 2021 to 2026; the tests
 * that come with Xen, none of which updates a daemon; fixtures/xenstore/injected.
 *
 * @module
 */

/** Patterns over `suite/scenario`, or a reason. */
export type Held = readonly string[] | string;

const STUBDOM = "there is no stub domain among the daemons";
const TOOL = "a bug of the tool xenstore-control, which is not what asks here";
const LATER = "no daemon of 4.21 or later is among those that run; a stream of one is read";

/** Not tested by anybody. */
export const UNTESTED: Readonly<Record<string, Held>> = {
  "stream of version A read by B, and back": ["xenstore-content/*", "xenstore-watches/*"],
  "live-update -v 1": LATER,
  "unknown records": ["xenstore-streams/unknown-record/*", "xenstore-hostile/flood/*"],
  "reordered records": ["xenstore-streams/nodes-first/*"],
  "duplicated records": ["xenstore-streams/node-twice/*"],
  padding: ["xenstore-streams/odd-padding/*"],
  "length without padding": ["xenstore-streams/exact-length/*"],
  "truncated stream": [
    "xenstore-streams/cut-*",
    "xenstore-streams/no-end/*",
    "xenstore-hostile/cut-header/*",
    "xenstore-hostile/empty/*",
  ],
  "pending input cut at every octet": [
    "xenstore-under-way/request/is-completed",
    "xenstore-under-way/request/holds-up-nobody",
  ],
  "pending output cut at every octet": [
    "xenstore-output/ring/is-cut-nowhere",
    "xenstore-output/events/come-behind",
    "xenstore-output/socket/is-cut-nowhere",
  ],
  "out-resp-len": ["xenstore-output/ring/is-cut-nowhere", "xenstore-under-way/answers/*"],
  "delayed requests": ["xenstore-updates/delayed/*"],
  "identifiers after a forced update": ["xenstore-under-way/forced/identifier-*"],
  "permissions of special nodes": ["xenstore-permissions/special/*"],
  "relative watches": ["xenstore-watches/relative/*", "xenstore-extremes/watches/*"],
  "special watches": ["xenstore-watches/special/*", "xenstore-permissions/special/*"],
  "watches with a depth": ["xenstore-extremes/watches/*", "xenstore-streams/watch-extended/*"],
  SET_TARGET: ["xenstore-under-way/target/is-kept"],
  "stale permissions": ["xenstore-dying/dead/*", "xenstore-streams/stale-permission/*"],
  "dead domain during an update": ["xenstore-dying/dying/*", "xenstore-dying/vanished/*"],
  "owner that is not introduced": ["xenstore-domains/strangers/*"],
  "quota below usage": ["xenstore-quotas/usage/*"],
  "update that is called off": ["xenstore-attempts/cancelled/*"],
  "update that fails": ["xenstore-attempts/failed/*"],
  "values of 0 octets, with NUL, of 65535": [
    "xenstore-content/nodes/are-kept",
    "xenstore-extremes/value/*",
    "xenstore-streams/value-max/*",
  ],
  "many connections": ["xenstore-extremes/clients/*"],
  "big endian": ["xenstore-streams/big-endian/*"],
  "C and OCaml": "the pairs of the two programs; the differential probe has their semantics",
  "open transactions": ["xenstore-under-way/transaction/*", "xenstore-under-way/forced/*"],
};

/** Bugs that were fixed, by commit. */
export const FIXED: Readonly<Record<string, Held>> = {
  a37b50c28e: TOOL,
  "1d24e551b9": TOOL,
  "7a4133feaf": STUBDOM,
  "29fae90baa": ["xenstore-under-way/transaction/*"],
  "5d16679ab0": ["xenstore-under-way/forced/does-not-wait"],
  "51972482f7": ["xenstore-under-way/forced/does-not-wait"],
  "7e71b1e0af": ["xenstore-permissions/special/*"],
  "65f19ed62a": ["xenstore-updates/request/behind-the-update-is-completed"],
  c0fe360f42: ["xenstore-updates/delayed/is-answered"],
  "54f73e6fc6": ["xenstore-updates/delayed/is-answered", "xenstore-updates/requests/*"],
  c8be420025: ["xenstore-updates/delayed/is-answered-when-forced"],
  "90bafdba8e": ["xenstore-attempts/cancelled/*"],
  "09e2cd6995": ["xenstore-updates/requests/in-flight-are-answered"],
  "604551fb76": ["xenstore-attempts/failed/says-why"],
  c85610a322: ["xenstore-extremes/path/*"],
  "939775cfd3": ["xenstore-dying/dying/*", "xenstore-dying/vanished/*"],
  "98f60e5de0": ["xenstore-dying/*/is-told-of-once", "xenstore-streams/ring-of-nobody/*"],
  "49dd52fb13": ["xenstore-dying/vanished/*", "xenstore-streams/ring-of-nobody/*"],
  "7110192b1d": "each daemon is started by a loader, which an update without a path would start",
  f838b95677: ["xenstore-content/root/has-the-same-children"],
  "9b224c2529": ["xenstore-domains/rings/go-on", "xenstore-content/nodes/are-there-for-the-ring"],
  ee36179371: "a matter of speed alone",
  dc8caf214f: ["xenstore-extremes/watches/are-what-was-answered"],
  c8b9670825: ["xenstore-quotas/remade/is-counted-once"],
  e6f07052ce: "the configuration is a file of the package, which stays as it was fetched",
  "75c7d6a6c6": STUBDOM,
  e3c2af4ccd: STUBDOM,
  db98de120c: ["xenstore-extremes/watches/*"],
  f3365a6bfd: ["xenstore-dying/vanished/*"],
  ebf99a1627: LATER,
};

/** Bugs that are not fixed, by the numbers that they have among the findings. */
export const OPEN: Readonly<Record<string, Held>> = {
  XS1: LATER,
  XS1b: LATER,
  XS2: LATER,
  XS5: ["xenstore-under-way/forced/identifier-is-not-given-again"],
  XS6: ["xenstore-streams/pending-node/*", "xenstore-streams/pending-delete/*"],
  XS7: ["xenstore-streams/no-end/*", "xenstore-streams/cut-*"],
  XS8: ["xenstore-under-way/forced/does-not-wait", "xenstore-under-way/target/is-kept"],
  XS9: "a script of the tools for migration of domains, which reads another stream",
  XS10: ["xenstore-quotas/transactions/are-as-many-as-stated"],
  XS11: ["xenstore-quotas/errors/are-in-the-protocol"],
  XS12: "the folders of old and new daemon are the same here; 4.16 is not among those that run",
};

/** Streams that were given to daemons by hand, by their files in fixtures/xenstore/injected. */
export const INJECTED: Readonly<Record<string, Held>> = {
  basic: ["xenstore-content/*"],
  unpadded_len_spec_literal_len: ["xenstore-streams/exact-length/*"],
  unknown_record_type_0x99: ["xenstore-streams/unknown-record/*"],
  tx_pending_node: ["xenstore-streams/pending-node/*"],
  tx_pending_delete_of_a: ["xenstore-streams/pending-delete/*"],
  big_endian_flag: ["xenstore-streams/big-endian/*"],
  reserved_flag_bit_1: ["xenstore-streams/reserved-flag/*"],
  version_0: ["xenstore-streams/version-zero/*"],
  version_2: ["xenstore-streams/version-two/*"],
  version_3: ["xenstore-streams/version-three/*"],
  no_END: ["xenstore-streams/no-end/*"],
  truncated_in_record: ["xenstore-streams/cut-record/*"],
  missing_parent: ["xenstore-streams/no-parent/*"],
  no_root_node_record: ["xenstore-streams/no-root/*"],
  duplicate_node: ["xenstore-streams/node-twice/*"],
  watch_for_unknown_conn: ["xenstore-streams/watch-of-nobody/*"],
  non_zero_padding: ["xenstore-streams/odd-padding/*"],
  no_GLOBAL_DATA: ["xenstore-streams/no-global/*"],
  bytes_after_END: ["xenstore-streams/after-end/*"],
  perm_count_0: ["xenstore-streams/no-permissions/*"],
  perm_char_x: ["xenstore-streams/odd-permission/*"],
  stale_perm_flag: ["xenstore-streams/stale-permission/*"],
  watch_ext_per_spec_v2: ["xenstore-streams/watch-extended/*"],
  conn_ring_of_absent_domain_9: ["xenstore-streams/ring-of-nobody/*"],
  empty_path_wlen_0_END_only: ["xenstore-streams/end-only/*", "xenstore-hostile/path-empty/*"],
};
