/**
 * An adapter that is a program of its own, in any language: what it says in hello as an `Adapter`.
 *
 * @module
 */
import type { Adapter } from "../../adapter.ts";
import type { Hop } from "../../path.ts";
import type { Hello } from "./messages.ts";
import type { Pool } from "./pool.ts";
import { RpcRig } from "./rig.ts";

/** `jobs`: so many of its processes may be at work side by side. */
export function rpcAdapter(pool: Pool, hello: Hello, jobs: number): Adapter {
  const { name, releases, absent = {} } = hello;
  const abilities = new Map(releases.map((release) => [release, abilitiesOf(hello, release)]));
  const nothing: ReadonlySet<string> = new Set();
  let rigs = 0;
  return {
    implementation: name,
    releases,
    rigsAtOnce: jobs,
    absent: (release) => absent[release],
    capabilities: ({ release }) => abilities.get(release) ?? nothing,
    lacksAfter: (before, hop) => roleLacking(hello, before, hop),
    async rig(settings, seed) {
      const rig = `rig-${++rigs}`;
      return new RpcRig({ pool, hello }, await pool.take(), settings, seed, rig);
    },
  };
}

function abilitiesOf({ facets, capabilities = [] }: Hello, release: string): ReadonlySet<string> {
  const more = Array.isArray(capabilities)
    ? capabilities
    : ((capabilities as Readonly<Record<string, readonly string[]>>)[release] ?? []);
  return new Set([...facets, ...more]);
}

/** Half implementations can only write, or only read. */
function roleLacking({ roles = {} }: Hello, before: Hop, hop: Hop): string | undefined {
  const writes = roles[before.release]?.includes("save") ?? true;
  if (!writes) return `a state, as ${before.release} cannot save`;
  const reads = roles[hop.release]?.includes("restore") ?? true;
  return reads ? undefined : "restore";
}
