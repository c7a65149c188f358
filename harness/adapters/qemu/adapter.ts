/**
 * Drives real QEMUs: a machine is migrated from one release into another, by sockets of ours.
 *
 * A reader that ends and says why is `refused`, as QEMU has no other way to decline; one that ends
 * by a signal is `crashed`. Reasons are `CLASS of DEVICE: words`, the words being QEMU's own.
 *
 * @module
 */
import type { Adapter } from "../../adapter.ts";
import type { Condition } from "../../condition.ts";
import type { DeviceSet } from "./device_sets.ts";
import { installed, type Program } from "./installation.ts";
import { planOf } from "./machine_plan.ts";
import { RELEASES } from "./releases.ts";
import { type Build, IMPLEMENTATION, QemuRig } from "./rig.ts";
import { Saves } from "./saves.ts";

/** By name: the command of a build that is nobody's release. */
export type Binaries = Readonly<Record<string, string>>;

/** A thread with three of them keeps two processors busy: one starts while others are judged. */
const RIGS_AT_ONCE = 3;

const CAPABILITIES: ReadonlySet<string> = new Set(["migration"]);
const NOTHING: ReadonlySet<string> = new Set();

export function qemuAdapter(sets: readonly DeviceSet[], binaries: Binaries = {}): Adapter {
  const saves = new Saves();
  const whyNot = (release: string) => {
    const found = programOf(release, binaries);
    return typeof found === "string" ? found : undefined;
  };
  return {
    implementation: IMPLEMENTATION,
    releases: releaseNames(binaries),
    rigsAtOnce: RIGS_AT_ONCE,
    absent: whyNot,
    capabilities: ({ release }) => (whyNot(release) === undefined ? CAPABILITIES : NOTHING),
    rig: (settings) => {
      const build = (release: string) => buildOf(release, settings, sets, binaries);
      return Promise.resolve(new QemuRig(build, saves));
    },
  };
}

/** Releases of Debian, oldest first, and what somebody brings. */
export function releaseNames(binaries: Binaries): readonly string[] {
  return [...RELEASES.map(({ name }) => name), ...Object.keys(binaries)];
}

function programOf(release: string, binaries: Binaries): Program | string {
  const command = binaries[release];
  if (command !== undefined) return { command, args: [], env: {}, version: release };
  const known = RELEASES.find(({ name }) => name === release);
  return known === undefined ? `there is no QEMU ${release}` : installed(known);
}

function buildOf(
  release: string,
  settings: Condition["settings"],
  sets: readonly DeviceSet[],
  binaries: Binaries,
): Build {
  const program = programOf(release, binaries);
  if (typeof program === "string") throw new Error(program);
  const isOwn = release in binaries;
  return {
    plan: planOf(release, program, settings, sets),
    releaseOf: (version) => (isOwn || isOf(version, release) ? release : version),
  };
}

/** A release that is named by two numbers is any of its builds. */
function isOf(version: string, release: string): boolean {
  return version === release || version.startsWith(`${release}.`);
}
