/**
 * An adapter that is a program of its own, in any language: what it says in hello as an `Adapter`.
 *
 * @module
 */
import { readdirSync } from "node:fs";
import type { Adapter } from "../../adapter.ts";
import type { Hop } from "../../path.ts";
import type { Hello } from "./messages.ts";
import type { Pool } from "./pool.ts";
import { isCodecOnly, RpcRig } from "./rig.ts";

export interface AdapterOptions {
  /** So many of its processes may be at work side by side. */
  readonly jobs: number;
  readonly timeoutMs: number;
  /** Folder where logs are kept, if they are. */
  readonly keep?: string | undefined;
  /** What becomes of logs before. */
  readonly change?: ((text: string) => string) | undefined;
  /** It is judged like an embedded implementation, whose facets this harness knows. */
  readonly atOnce?: boolean;
}

/** Time that a process has to start, at least. */
const START_MS = 20_000;

export function rpcAdapter(
  pool: Pool,
  hello: Hello,
  { jobs, timeoutMs, keep, change, atOnce = false }: AdapterOptions,
): Adapter {
  const { name, releases, absent = {} } = hello;
  const abilities = new Map(releases.map((release) => [release, abilitiesOf(hello, release)]));
  const nothing: ReadonlySet<string> = new Set();
  // What an earlier run has kept stays: reports of it say where it is.
  let rigs = keep === undefined ? 0 : lastKept(keep);
  return {
    implementation: name,
    releases,
    rigsAtOnce: jobs,
    deadlineMs: Math.max(START_MS, 2 * timeoutMs),
    absent: (release) => absent[release],
    capabilities: ({ release }) => abilities.get(release) ?? nothing,
    lacksAfter: (before, hop) => roleLacking(hello, before, hop),
    async rig(settings, seed) {
      const rig = `rig-${String(++rigs).padStart(6, "0")}`;
      const ground = { pool, hello, keep, change, hasFacets: atOnce };
      return new RpcRig(ground, await pool.take(), settings, seed, rig);
    },
  };
}

/** Number of the last rig of which there is a log in `folder`. */
function lastKept(folder: string): number {
  const numbers = readdirSync(folder).map((name) => /^rig-(\d+)\.log$/.exec(name)?.[1] ?? 0);
  return numbers.reduce<number>((most, number) => Math.max(most, Number(number)), 0);
}

function abilitiesOf(
  { facets, capabilities = [], roles = {} }: Hello,
  release: string,
): ReadonlySet<string> {
  const more = Array.isArray(capabilities)
    ? capabilities
    : ((capabilities as Readonly<Record<string, readonly string[]>>)[release] ?? []);
  if (isCodecOnly(roles[release])) return new Set(["codec"]);
  const codec = roles[release]?.includes("codec") ? ["codec"] : [];
  return new Set([...facets, ...more, ...codec]);
}

/** Half implementations can only write, or only read. */
function roleLacking({ roles = {} }: Hello, before: Hop, hop: Hop): string | undefined {
  const writes = roles[before.release]?.includes("save") ?? true;
  if (!writes) return `a state, as ${before.release} cannot save`;
  const own = roles[hop.release];
  const reads = own === undefined || own.includes("restore") || isCodecOnly(own);
  return reads ? undefined : "restore";
}
