/**
 * For whom a stream is repaired: a version of the format, or a release of a daemon.
 *
 * `1` is what C xenstored 4.15 to 4.20 take, `2` the specification's version 2, `draft` PATCH v3 of
 * April 2020, which nobody has implemented, and `text` the dump of oxenstored.
 *
 * Source: Xen, docs/designs/xenstore-migration.md; tools/xenstored/lu.c, watch.c, domain.c at
 * RELEASE-4.17.0 to stable-4.22: which records a reader uses. It skips all others.
 *
 * @module
 */
import type { Layout, Lengths, WatchHead } from "./layout.ts";
import type { StreamRecord } from "./record.ts";

export interface Target {
  readonly name: string;
  readonly layout: Layout | "text";
  /** Who reads it, in a sentence. */
  readonly reader: string;
  /** Versions that its reader takes; the first one is written when the stream has another one. */
  readonly versions: readonly number[];
  /** What `len` must count, or what it counts in the stream where that is enough. */
  readonly lengths: readonly Lengths[];
  /** Records that its reader uses, besides END. */
  readonly kinds: ReadonlySet<StreamRecord["kind"]>;
  /** DOMAIN_DATA has quotas for it. */
  readonly domainQuotas: boolean;
  readonly watchHead: WatchHead;
}

const FIRST = ["GLOBAL_DATA", "CONNECTION_DATA", "WATCH_DATA", "NODE_DATA"] as const;
const SECOND = [...FIRST, "GLOBAL_QUOTA_DATA", "DOMAIN_DATA", "WATCH_DATA_EXTENDED"] as const;

/** Lengths without padding make a C reader lose the nodes that follow. */
const C = { lengths: ["padded"], domainQuotas: true, watchHead: 12 } as const;
const ONE = { ...C, layout: "1", versions: [1], kinds: new Set(FIRST) } as const;
const TWO = { ...C, layout: "2", versions: [2, 1], kinds: new Set(SECOND) } as const;
const TEXT = { ...ONE, layout: "text" } as const;
const DRAFT = { versions: [1], kinds: new Set([...FIRST, "TRANSACTION_DATA"] as const) } as const;

const TARGETS: readonly Target[] = [
  {
    ...DRAFT,
    name: "draft",
    layout: "draft",
    reader: "the draft",
    lengths: ["spec", "padded"],
    domainQuotas: false,
    watchHead: 12,
  },
  { ...ONE, name: "1", reader: "C xenstored of version 1" },
  { ...TWO, name: "2", reader: "C xenstored of version 2", versions: [2] },
  { ...TEXT, name: "text", reader: "oxenstored" },
  { ...ONE, name: "c-4.17", reader: "C xenstored 4.17" },
  { ...ONE, name: "c-4.20", reader: "C xenstored 4.20" },
  {
    ...TWO,
    name: "c-4.21",
    reader: "C xenstored 4.21",
    // Quotas and depths of watches came with 4.22.
    kinds: new Set([...FIRST, "DOMAIN_DATA"] as const),
    domainQuotas: false,
  },
  // Its structure of an extended watch has no padding: it dies over one as it is specified.
  { ...TWO, name: "c-4.22", reader: "C xenstored 4.22", watchHead: 10 },
  { ...TEXT, name: "oxenstored-4.17", reader: "oxenstored 4.17" },
  { ...TEXT, name: "oxenstored-4.20", reader: "oxenstored 4.20" },
];

/** Names of all targets. */
export const TARGET_NAMES: readonly string[] = TARGETS.map(({ name }) => name);

/** The target called `name`. */
export function targetNamed(name: string): Target {
  const found = TARGETS.find((target) => target.name === name);
  if (found !== undefined) return found;
  const names = TARGET_NAMES.join(", ");
  throw new RangeError(
    `Cannot find target as it must be one of ${names}: current value is ${name}`,
  );
}
