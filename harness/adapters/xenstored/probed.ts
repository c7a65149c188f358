/**
 * The real daemons for the differential probe, each with the profile of the model that stands for
 * it.
 *
 * @module
 */
import { PROFILES, type Profile } from "../../../src/xenstore/mod.ts";
import type { Probed } from "../../xenstore_probe/mod.ts";
import { installed, type Program } from "./installation.ts";
import { ProbeOpponent } from "./probe_opponent.ts";
import { REAL_RELEASES, type RealRelease } from "./releases.ts";

export const PROBED: readonly Probed[] = REAL_RELEASES.map((release) => ({
  name: release.name,
  profile: profileOf(release),
  unavailable() {
    const program = installed(release);
    return typeof program === "string" ? program : undefined;
  },
  start: () => ProbeOpponent.start(release, programOf(release)),
}));

function programOf(release: RealRelease): Program {
  const program = installed(release);
  if (typeof program !== "string") return program;
  throw new Error(`Cannot start ${release.name} as it must be there: ${program}`);
}

/** oxenstored writes its own path into the store, and here it is started by a loader. */
function profileOf(release: RealRelease): Profile {
  const { name, dialect, xen } = release;
  const profile = PROFILES[`${dialect}-${xen}`];
  if (profile === undefined) throw new Error(`Cannot probe ${name} as no profile stands for it`);
  const program = installed(release);
  if (dialect === "c" || typeof program === "string") return profile;
  return { ...profile, tool: program.loader };
}
