/**
 * The UEFI variables that a guest finds and writes: those of earlier boots, those of its first
 * turn, and what it changes in each later one.
 *
 * @module
 */
import { octetsOf } from "../machine/mod.ts";
import type { Guid } from "../openhcl_state/mod.ts";
import { guid } from "../vmbus/mod.ts";
import type { Variable } from "./nvram_file.ts";

/** `EFI_GLOBAL_VARIABLE`. */
const GLOBAL = guid("8be4df61-93ca-11d2-aa0d-00e098032b8c");
/** Variables of the guest's own. */
const OWN = guid("5b3e9d4a-7c1f-4e28-9a60-3f7d2b8c1e55");

/** Non-volatile, at boot and at run time. */
const LASTING = 7;
/** The same, and set under a time stamp. */
const AUTHENTICATED = 0x27;

const NO_TIME = new Uint8Array(16);
/** 2024-07-11 09:30:05. */
const STAMP = Uint8Array.of(0xe8, 0x07, 7, 11, 9, 30, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0);

/** Octets of the note at first. */
const NOTE_OCTETS = 48;

/** Sets a variable, or removes one. */
export interface Change {
  readonly set?: Variable;
  readonly remove?: Variable;
}

/** What firmware has set up before the machine is first started. */
export function variablesOfEarlierBoots(seed: number): Variable[] {
  return [
    variable(GLOBAL, "PlatformLang", Uint8Array.of(0x65, 0x6e, 0x2d, 0x55, 0x53, 0)),
    { ...variable(GLOBAL, "KEK", octetsOf(seed, 900, 64)), attr: AUTHENTICATED, timestamp: STAMP },
  ];
}

/**
 * What the guest changes in its turn `turn`. With `shortensFirst` that begins with a variable that
 * gets shorter. The same objects for the same guest.
 */
export function variableChanges(
  seed: number,
  turn: number,
  shortensFirst: boolean,
): readonly Change[] {
  const changes = changesOf(seed, turn);
  return shortensFirst && turn > 0 ? [{ set: note(seed, turn) }, ...changes] : changes;
}

function changesOf(seed: number, turn: number): readonly Change[] {
  const key = seed * 1_000 + turn;
  const changes = known.get(key) ?? (turn === 0 ? firstChanges(seed) : laterChanges(seed, turn));
  known.set(key, changes);
  return changes;
}

const known = new Map<number, readonly Change[]>();

function firstChanges(seed: number): Change[] {
  return [
    { set: variable(GLOBAL, "Boot0000", octetsOf(seed, 100, 40)) },
    { set: variable(GLOBAL, "BootOrder", Uint8Array.of(0, 0, 1, 0)) },
    { set: note(seed, 0) },
    { set: variable(OWN, "Scratch", octetsOf(seed, 300, 4)) },
  ];
}

function laterChanges(seed: number, turn: number): Change[] {
  const scratch = variable(OWN, "Scratch", octetsOf(seed, 300 + turn, 4));
  return [
    { set: variable(GLOBAL, "BootOrder", Uint8Array.of(turn, 0, 0, 0)) },
    { set: note(seed, turn) },
    turn % 2 === 0 ? { set: scratch } : { remove: scratch },
    { set: variable(OWN, `Turn${turn}`, octetsOf(seed, 400 + turn, 16)) },
  ];
}

/** The note, which gets shorter from turn to turn. */
function note(seed: number, turn: number): Variable {
  return variable(OWN, "Note", octetsOf(seed, 200 + turn, Math.max(4, NOTE_OCTETS - turn)));
}

function variable(vendor: Guid, name: string, data: Uint8Array): Variable {
  return { vendor, name: ucs2(name), data, timestamp: NO_TIME, attr: LASTING };
}

/** Little endian, with the terminator. */
function ucs2(text: string): Uint8Array {
  const octets = new Uint8Array(2 * text.length + 2);
  for (let at = 0; at < text.length; at++) octets[2 * at] = text.charCodeAt(at);
  return octets;
}
