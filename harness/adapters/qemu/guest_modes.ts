/**
 * The ways in which a guest at work is carried: stopped after some reads, with a request in flight,
 * running while it is sent, or by a snapshot in its disk.
 *
 * @module
 */
import { capture } from "./capture.ts";
import { deliver, WAITING } from "./deliver.ts";
import { Guest, GuestDead } from "./guest.ts";
import { type Backing, bootDiskOf, FAILING_LBA, withDisk } from "./guest_arguments.ts";
import { type Counters, human } from "./guest_counters.ts";
import type { GuestFiles } from "./guest_files.ts";
import type { Program } from "./installation.ts";
import { MonitorError } from "./monitor.ts";

export const GUEST_MODES = ["booted", "in-flight", "live", "snapshot"] as const;

export type GuestMode = (typeof GUEST_MODES)[number];

/** A machine with a disk that can be booted: its arguments with those of a device set. */
export interface GuestMachine {
  readonly args: readonly string[];
  readonly files: GuestFiles;
}

/** What a guest at work has left, for any number of readers. */
export interface Carried {
  readonly mode: GuestMode;
  /** What it had counted; when it ran until the end, as it ended. */
  readonly counters: Counters;
  /** The stream; none where an image has everything. */
  readonly octets?: Uint8Array;
  readonly image?: string;
}

/** Status of a machine that has come, by mode. */
const STATUS: Readonly<Record<GuestMode, string>> = {
  booted: "paused",
  "in-flight": "io-error",
  live: "running",
  snapshot: "paused",
};
const TAG = "freezethaw";
/** Good reads before the one that fails. */
const READS_BEFORE = FAILING_LBA - 1;

/** Boots a guest, lets it work, and saves it; it is gone then. */
export async function carry(
  program: Program,
  machine: GuestMachine,
  mode: GuestMode,
): Promise<Carried> {
  const backing = backingOf(machine, mode);
  await using guest = await Guest.start(program, argumentsOf(machine, backing));
  if (mode === "in-flight") return await carryInFlight(guest);
  await guest.worked();
  if (mode === "live") {
    const octets = await capture(guest.emulator);
    return { mode, counters: await guest.counters(), octets };
  }
  const counters = await guest.stop();
  if (mode === "booted") return { mode, counters, octets: await capture(guest.emulator) };
  await snapshot(guest, `savevm ${TAG}`);
  return { mode, counters, image: backing.path };
}

/** Starts a machine that takes over what was carried, and stops short of letting it go on. */
export async function takeOver(
  program: Program,
  machine: GuestMachine,
  carried: Carried,
): Promise<Guest> {
  const { mode, image, octets, counters } = carried;
  const backing = backingOf(machine, mode === "in-flight" ? "booted" : mode, image);
  const waiting = octets === undefined ? ["-S"] : WAITING;
  const guest = await Guest.start(program, [
    ...argumentsOf(machine, backing, mode === "in-flight"),
    ...waiting,
  ]);
  try {
    if (octets === undefined) await snapshot(guest, `loadvm ${TAG}`);
    else demandStatus(mode, await deliver(guest.emulator, octets));
    await demandCounters(guest, counters, mode);
    return guest;
  } catch (error) {
    await guest[Symbol.asyncDispose]();
    throw error;
  }
}

/** The same without another machine: what fails here, no migration is to blame for. */
export async function control(
  program: Program,
  machine: GuestMachine,
  mode: GuestMode,
): Promise<Counters> {
  const { backing, stops } =
    mode === "in-flight"
      ? { backing: { ...backingOf(machine, mode), once: true } as Backing, stops: true }
      : { backing: backingOf(machine, mode), stops: false };
  await using guest = await Guest.start(program, argumentsOf(machine, backing, stops));
  if (mode === "in-flight") await guest.reached("io-error");
  else await guest.worked();
  const before = await guest.stop();
  if (mode === "snapshot") {
    await snapshot(guest, `savevm ${TAG}`);
    await snapshot(guest, `loadvm ${TAG}`);
  }
  return await guest.goesOn(before);
}

function backingOf({ args, files }: GuestMachine, mode: GuestMode, from?: string): Backing {
  const kind = bootDiskOf(args);
  if (kind === undefined) throw new RangeError("Cannot boot machine as it must have a disk");
  if (mode === "in-flight") return { kind: "failing", path: files.raw(kind), once: false };
  if (mode === "snapshot") return { kind: "image", path: files.image(kind, from) };
  return { kind: "good", path: files.raw(kind) };
}

function argumentsOf({ args }: GuestMachine, backing: Backing, stops?: boolean): string[] {
  return withDisk(args, backing, stops ?? backing.kind === "failing");
}

async function carryInFlight(guest: Guest): Promise<Carried> {
  await guest.reached("io-error");
  const counters = await guest.counters();
  if (counters.reads !== READS_BEFORE) {
    throw new GuestDead(`${counters.reads} reads before the one that waits, not ${READS_BEFORE}`);
  }
  return { mode: "in-flight", counters, octets: await capture(guest.emulator) };
}

/** A command for snapshots, which says nothing when it is done. */
async function snapshot({ emulator }: Guest, command: string): Promise<void> {
  const said = await human(emulator.monitor, command);
  if (said !== "") throw new MonitorError(said);
}

function demandStatus(mode: GuestMode, status: string): void {
  if (status === STATUS[mode]) return;
  throw new GuestDead(`the machine is ${status} after it was loaded, not ${STATUS[mode]}`);
}

/** What a stopped guest had counted is there again; one that runs has only counted on. */
async function demandCounters(guest: Guest, before: Counters, mode: GuestMode): Promise<void> {
  const now = await guest.counters();
  const isThere =
    mode === "live"
      ? now.boots === before.boots && now.reads >= before.reads && now.passes >= before.passes
      : JSON.stringify(now) === JSON.stringify(before);
  if (isThere) return;
  throw new GuestDead(`memory has counted ${JSON.stringify(now)}, not ${JSON.stringify(before)}`);
}
