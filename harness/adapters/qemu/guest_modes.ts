/**
 * The ways in which a guest at work is carried: stopped after some reads, with a request in flight,
 * running while it is sent, ahead of its memory, by a snapshot in its disk, or to be reset where it
 * has come to.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { POSTCOPY_MEMORY } from "./agreement.ts";
import { Guest, GuestDead } from "./guest.ts";
import { type Backing, bootDiskOf, FAILING_LBA, withDisk } from "./guest_arguments.ts";
import type { Counters } from "./guest_counters.ts";
import type { GuestFiles } from "./guest_files.ts";
import { type SnapshotMode, snapshot } from "./guest_snapshots.ts";
import type { Program } from "./installation.ts";
import { load } from "./load.ts";
import { MonitorError } from "./monitor.ts";
import { savedOf } from "./saves.ts";

export const GUEST_MODES = [
  ...(["booted", "in-flight", "live", "live-postcopy", "snapshot"] as const),
  ...(["snapshot-job", "reset"] as const),
] as const;

export type GuestMode = (typeof GUEST_MODES)[number];

/** A machine with a disk that can be booted: its arguments with those of a device set. */
export interface GuestMachine {
  readonly args: readonly string[];
  readonly mode: GuestMode;
  readonly files: GuestFiles;
}

/** What a guest at work has left, for any number of readers. */
export interface Carried {
  /** What it had counted; when it ran until the end, as it ended. */
  readonly counters: Counters;
  /** The stream, or the image; in words why there is none. */
  readonly outcome: Uint8Array | string;
}

/** Memory that the firmware and the guest need, in MiB. */
const GUEST_MEMORY = ["-m", "8"] as const;
/** Good reads before the one that fails. */
const READS_BEFORE = FAILING_LBA - 1;

/** Boots a guest, and lets it work up to where it is carried away. */
export async function booted(program: Program, machine: GuestMachine): Promise<Guest> {
  const guest = await started(program, machine, backingOf(machine, true));
  try {
    await readied(guest, machine.mode);
    return guest;
  } catch (error) {
    await guest[Symbol.asyncDispose]();
    throw error;
  }
}

/** Takes a guest out of a machine, which cannot go on then. */
export async function carry(guest: Guest, { mode }: GuestMachine): Promise<Carried> {
  if (isLive(mode)) {
    const outcome = await savedOf(guest.emulator);
    return { counters: await guest.counters(), outcome };
  }
  const counters = await guest.stop();
  if (!isSnapshot(mode)) return { counters, outcome: await savedOf(guest.emulator) };
  const said = await snapshot(guest, "save", mode);
  await guest[Symbol.asyncDispose]();
  return { counters, outcome: said === "" ? readFileSync(guest.disk) : said };
}

/**
 * Starts a machine that takes over what was carried, and stops short of letting it go on. Without
 * `octets` it waits for somebody to send them.
 */
export async function takeOver(
  program: Program,
  machine: GuestMachine,
  octets?: Uint8Array,
): Promise<Guest> {
  const { mode } = machine;
  if (octets === undefined) {
    return await started(program, machine, backingOf(machine, false), ["-incoming", "defer"]);
  }
  if (!isSnapshot(mode)) {
    const { path, args } = argumentsOf(machine, backingOf(machine, false));
    return new Guest(await load(program, args, octets), path);
  }
  const guest = await started(program, machine, backingOf(machine, false, octets), ["-S"]);
  try {
    await done(guest, "load", mode);
    return guest;
  } catch (error) {
    await guest[Symbol.asyncDispose]();
    throw error;
  }
}

/** Lets a guest go on, and waits until it has worked. */
export async function goOn(guest: Guest, before: Counters, mode: GuestMode): Promise<Counters> {
  return mode === "reset" ? await guest.reboots() : await guest.goesOn(before);
}

/** The same without another machine: what fails here, no migration is to blame for. */
export async function control(program: Program, machine: GuestMachine): Promise<Counters> {
  const { mode } = machine;
  const failing = mode === "in-flight";
  const backing = backingOf(machine, true);
  const once = failing ? ({ ...backing, once: true } as Backing) : backing;
  await using guest = await started(program, machine, once);
  await readied(guest, mode);
  const before = await guest.stop();
  if (isSnapshot(mode)) {
    await done(guest, "save", mode);
    await done(guest, "load", mode);
  }
  return await goOn(guest, before, mode);
}

async function started(
  program: Program,
  machine: GuestMachine,
  backing: Backing,
  more: readonly string[] = [],
): Promise<Guest> {
  const { path, args } = argumentsOf(machine, backing);
  return await Guest.start(program, [...args, ...more], path);
}

async function readied(guest: Guest, mode: GuestMode): Promise<void> {
  if (mode !== "in-flight") {
    await guest.worked();
    return;
  }
  await guest.reached("io-error");
  const { reads } = await guest.counters();
  if (reads === READS_BEFORE) return;
  throw new GuestDead(`${reads} reads before the one that waits, not ${READS_BEFORE}`);
}

function backingOf(machine: GuestMachine, fails: boolean, image?: Uint8Array): Backing {
  const { args, mode, files } = machine;
  const kind = bootDiskOf(args);
  if (kind === undefined) throw new RangeError("Cannot boot machine as it must have a disk");
  if (isSnapshot(mode)) return { kind: "image", path: files.image(kind, image) };
  if (mode === "in-flight" && fails) {
    return { kind: "failing", path: files.raw(kind), once: false };
  }
  return { kind: "good", path: files.raw(kind) };
}

function argumentsOf({ args, mode }: GuestMachine, backing: Backing) {
  const { path } = backing;
  const memory = mode === "live-postcopy" ? POSTCOPY_MEMORY : GUEST_MEMORY;
  return { path, args: [...memory, ...withDisk(args, backing, mode === "in-flight")] };
}

/** Whether a guest in this mode runs while it is sent. */
function isLive(mode: GuestMode): boolean {
  return mode === "live" || mode === "live-postcopy";
}

function isSnapshot(mode: GuestMode): mode is SnapshotMode {
  return mode === "snapshot" || mode === "snapshot-job";
}

async function done(guest: Guest, what: "save" | "load", mode: SnapshotMode): Promise<void> {
  const answer = await snapshot(guest, what, mode);
  if (answer !== "") throw new MonitorError(answer);
}
