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
import { AGREEMENT_MODES, type Capability } from "./agreement.ts";
import { AgreementRig } from "./agreement_rig.ts";
import type { DeviceSet } from "./device_sets.ts";
import { GUEST_MODES, type GuestMode } from "./guest_modes.ts";
import { type GuestBuild, GuestRig } from "./guest_rig.ts";
import { GuestSaves } from "./guest_saves.ts";
import { installed, type Program } from "./installation.ts";
import { planOf } from "./machine_plan.ts";
import { RELEASES } from "./releases.ts";
import { type Build, IMPLEMENTATION, QemuRig } from "./rig.ts";
import { Saves } from "./saves.ts";

/** By name: the command of a build that is nobody's release. */
export type Binaries = Readonly<Record<string, string>>;

type Brought = ReadonlyMap<string, Program>;

/** A thread with three of them keeps two processors busy: one starts while others are judged. */
const RIGS_AT_ONCE = 3;

/** Starts, loads, saves and guests have limits of their own; a look may have some of each. */
const DEADLINE_MS = 150_000;

/** By whether the guest is at work: one that is cannot be looked into without end. */
const CAPABILITIES: ReadonlySet<string> = new Set(["migration"]);
const AT_WORK: ReadonlySet<string> = new Set(["counting"]);
const AGREEING: ReadonlySet<string> = new Set(["agreeing"]);
const NOTHING: ReadonlySet<string> = new Set();

export function qemuAdapter(sets: readonly DeviceSet[], binaries: Binaries = {}): Adapter {
  const [saves, guests] = [new Saves(), new GuestSaves()];
  const brought = new Map(Object.entries(binaries).map(([name, path]) => [name, own(name, path)]));
  const whyNot = (release: string) => {
    const found = programOf(release, brought);
    return typeof found === "string" ? found : undefined;
  };
  return {
    implementation: IMPLEMENTATION,
    releases: releaseNames(binaries),
    rigsAtOnce: RIGS_AT_ONCE,
    deadlineMs: DEADLINE_MS,
    absent: whyNot,
    soon({ release }, settings) {
      const { mode } = settings;
      if (isAgreement(mode) || isGuestMode(mode) || whyNot(release) !== undefined) return;
      saves.prepare(buildOf(release, settings, sets, brought).plan);
    },
    afresh() {
      saves.forget();
      guests.forget();
    },
    timeWith(timer) {
      saves.timeWith(timer);
      guests.timeWith(timer);
    },
    capabilities: ({ release }, { mode }) => {
      if (whyNot(release) !== undefined) return NOTHING;
      if (isAgreement(mode)) return AGREEING;
      return isGuestMode(mode) ? AT_WORK : CAPABILITIES;
    },
    rig: (settings) => {
      const { mode } = settings;
      if (isAgreement(mode)) {
        const build = (release: string) => buildOf(release, settings, sets, brought);
        return Promise.resolve(new AgreementRig(build, saves, mode));
      }
      if (isGuestMode(mode)) {
        const build = (release: string) => guestBuildOf(release, settings, mode, sets, brought);
        return Promise.resolve(new GuestRig(build, guests));
      }
      const build = (release: string) => buildOf(release, settings, sets, brought);
      return Promise.resolve(new QemuRig(build, saves));
    },
  };
}

/** Releases of Debian, oldest first, and what somebody brings. */
export function releaseNames(binaries: Binaries): readonly string[] {
  return [...RELEASES.map(({ name }) => name), ...Object.keys(binaries)];
}

function own(version: string, command: string): Program {
  return { command, args: [], env: {}, version, isBrought: true };
}

function programOf(release: string, brought: Brought): Program | string {
  const program = brought.get(release);
  if (program !== undefined) return program;
  const known = RELEASES.find(({ name }) => name === release);
  return known === undefined ? `there is no QEMU ${release}` : installed(known);
}

function isAgreement(mode: string | undefined): mode is Capability {
  return AGREEMENT_MODES.some((name) => name === mode);
}

function isGuestMode(mode: string | undefined): mode is GuestMode {
  return GUEST_MODES.some((name) => name === mode);
}

function guestBuildOf(
  release: string,
  settings: Condition["settings"],
  mode: GuestMode,
  sets: readonly DeviceSet[],
  brought: Brought,
): GuestBuild {
  const { devices = "", machine = "" } = settings;
  const { plan, releaseOf } = buildOf(release, settings, sets, brought);
  const { args = [] } = sets.find(({ name }) => name === devices) ?? {};
  const key = [release, machine, devices, mode].join(" ");
  const { program } = plan;
  return { plan: { key, program, args: ["-machine", machine, ...args], mode }, releaseOf };
}

function buildOf(
  release: string,
  settings: Condition["settings"],
  sets: readonly DeviceSet[],
  brought: Brought,
): Build {
  const program = programOf(release, brought);
  if (typeof program === "string") throw new Error(program);
  const isOwn = brought.has(release);
  return {
    plan: planOf(release, program, settings, sets),
    releaseOf: (version) => (isOwn || isOf(version, release) ? release : version),
  };
}

/** A release that is named by two numbers is any of its builds. */
function isOf(version: string, release: string): boolean {
  return version === release || version.startsWith(`${release}.`);
}
