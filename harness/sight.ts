/**
 * What a machine shows at one instant, through every facet that it has, and where two of them
 * differ. Logs, spans and the tree for operators are left out: they tell how a machine got there.
 *
 * @module
 */
import type { Machine } from "./facets/machine.ts";

/** Values by facet; plain data. */
export type Sight = Readonly<Record<string, unknown>>;

/** What the disks and the bus of `machine` show, which costs a fraction of everything. */
export function devicesOf({ nvme, vmbus }: Machine): Sight {
  return { nvme: nvme?.controllers(), vmbus: vmbus && busOf(vmbus) };
}

/** Everything that `machine` shows. */
export function sightOf(machine: Machine): Sight {
  const { dma, guestState, lifecycle, nic, nvme, servicing, units, vmbus } = machine;
  return {
    running: lifecycle?.running(),
    nonce: lifecycle?.nonce(),
    dma: dma?.pools(),
    firmware: guestState && {
      source: guestState.source(),
      disagreement: guestState.disagreement(),
      settings: guestState.settings(),
    },
    nic: nic?.adapters(),
    nvme: nvme?.controllers(),
    keepalive: servicing && {
      nvme: servicing.keepaliveMode("nvme"),
      mana: servicing.keepaliveMode("mana"),
    },
    units: units?.digests(),
    vmbus: vmbus && busOf(vmbus),
  };
}

function busOf(vmbus: NonNullable<Machine["vmbus"]>): Sight {
  return {
    channels: vmbus.channels(),
    // The machine goes on with its own list.
    pending: [...vmbus.pendingMessages()],
    listening: vmbus.listening(),
  };
}

/** The part of a sight that a guest can tell apart, whichever way the machine came. */
export function guestSightOf(machine: Machine): Sight {
  const { guestState, nvme, units, vmbus, lifecycle } = machine;
  return {
    nonce: lifecycle?.nonce(),
    settings: guestState?.settings(),
    disks: nvme?.controllers().map(({ pciId, namespaces }) => ({ pciId, namespaces })),
    units: units?.digests(),
    channels: vmbus?.channels(),
  };
}

/** A place where two values differ. */
export interface Difference {
  /** Names from the outside in, such as `settings.firmware.log_level`. */
  readonly place: string;
  /** With the place at their front. */
  readonly words: string;
}

/** Where the second value differs from the first, in words; undefined when it does not. */
export function differenceOf(first: unknown, second: unknown): string | undefined {
  return differencesOf(first, second, 1)[0]?.words;
}

/** Every place where the second value differs from the first; the first `placesMax` of them. */
export function differencesOf(
  first: unknown,
  second: unknown,
  placesMax = Number.POSITIVE_INFINITY,
): readonly Difference[] {
  const comparison = new Comparison(placesMax);
  comparison.compare(first, second);
  return comparison.found;
}

/** Parts of a value by name. */
type Parts = ReadonlyMap<string | number, unknown>;

class Comparison {
  readonly found: Difference[] = [];
  readonly #placesMax: number;
  /** Names that lead to what is compared; a text of them is only made for a difference. */
  readonly #names: (string | number)[] = [];

  constructor(placesMax: number) {
    this.#placesMax = placesMax;
  }

  compare(was: unknown, is: unknown): void {
    if (Object.is(was, is) || this.found.length >= this.#placesMax) return;
    if (!isComposite(was) || !isComposite(is)) {
      this.#add(`was ${textOf(was)} and is ${textOf(is)}`);
    } else if (was instanceof Uint8Array && is instanceof Uint8Array) {
      if (!sameOctets(was, is)) this.#add(`was ${textOf(was)} and is ${textOf(is)}`);
    } else if (Array.isArray(was) && Array.isArray(is)) this.#compareLists(was, is);
    else if (isRecord(was) && isRecord(is)) this.#compareRecords(was, is);
    else this.#compareParts(partsOf(was), partsOf(is));
  }

  #compareLists(was: readonly unknown[], is: readonly unknown[]): void {
    for (let at = 0; at < was.length; at++) {
      if (at < is.length) this.#enter(at, was[at], is[at]);
      else this.#gone(at, was[at]);
    }
    for (let at = was.length; at < is.length; at++) this.#new(at, is[at]);
  }

  #compareRecords(was: Sight, is: Sight): void {
    for (const name of Object.keys(was)) {
      if (Object.hasOwn(is, name)) this.#enter(name, was[name], is[name]);
      else this.#gone(name, was[name]);
    }
    for (const name of Object.keys(is)) {
      if (!Object.hasOwn(was, name)) this.#new(name, is[name]);
    }
  }

  #compareParts(was: Parts, is: Parts): void {
    for (const [name, part] of was) {
      if (is.has(name)) this.#enter(name, part, is.get(name));
      else this.#gone(name, part);
    }
    for (const [name, part] of is) if (!was.has(name)) this.#new(name, part);
  }

  #enter(name: string | number, was: unknown, is: unknown): void {
    if (Object.is(was, is)) return;
    this.#names.push(name);
    this.compare(was, is);
    this.#names.pop();
  }

  #gone(name: string | number, part: unknown): void {
    this.#names.push(name);
    this.#add(`was ${textOf(part)} and is gone`);
    this.#names.pop();
  }

  #new(name: string | number, part: unknown): void {
    this.#names.push(name);
    this.#add(`is new: ${textOf(part)}`);
    this.#names.pop();
  }

  #add(words: string): void {
    const place = this.#names.join(".");
    this.found.push({ place, words: `${place} ${words}` });
  }
}

function isComposite(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isRecord(value: object): value is Sight {
  return !(Array.isArray(value) || value instanceof Map || value instanceof Uint8Array);
}

/** Those of a list are named by their number. */
function partsOf(value: object): Parts {
  if (value instanceof Map) return value;
  return Array.isArray(value) ? new Map(value.entries()) : new Map(Object.entries(value));
}

function sameOctets(was: Uint8Array, is: Uint8Array): boolean {
  if (was.length !== is.length) return false;
  for (let at = 0; at < was.length; at++) if (was[at] !== is[at]) return false;
  return true;
}

/** Octets of a text that stands for a value; a longer one tells no more. */
const TEXT_MAX = 80;

function textOf(value: unknown): string {
  if (value === undefined) return "absent";
  const text = isComposite(value) ? JSON.stringify(value, plain) : `${value}`;
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}`;
  if (value instanceof Uint8Array) return hexOf(value.subarray(0, TEXT_MAX));
  return value instanceof Map ? Object.fromEntries(value) : value;
}

function hexOf(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
}
