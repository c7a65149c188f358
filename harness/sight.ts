/**
 * What a machine shows at one instant, through every facet that it has, and where two of them
 * differ. Logs, spans and the tree for operators are left out: they tell how a machine got there.
 *
 * @module
 */
import type { Machine } from "./facets/machine.ts";

/** Values by facet; plain data. */
export type Sight = Readonly<Record<string, unknown>>;

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
    vmbus: vmbus && {
      channels: vmbus.channels(),
      pending: vmbus.pendingMessages(),
      listening: vmbus.listening(),
    },
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

/** Where the second value differs from the first, in words; undefined when it does not. */
export function differenceOf(first: unknown, second: unknown, at = ""): string | undefined {
  if (Object.is(first, second)) return undefined;
  if (!isComposite(first) || !isComposite(second)) {
    return `${at} was ${textOf(first)} and is ${textOf(second)}`;
  }
  const [was, is] = [entriesOf(first), entriesOf(second)];
  for (const [name, value] of was) {
    const place = at === "" ? name : `${at}.${name}`;
    if (!is.has(name)) return `${place} was ${textOf(value)} and is gone`;
    const difference = differenceOf(value, is.get(name), place);
    if (difference !== undefined) return difference;
  }
  for (const [name, value] of is) {
    if (!was.has(name)) return `${at === "" ? name : `${at}.${name}`} is new: ${textOf(value)}`;
  }
  return undefined;
}

function isComposite(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Parts of a value by name; those of a list are named by their number. */
function entriesOf(value: object): ReadonlyMap<string, unknown> {
  if (value instanceof Map) return new Map([...value].map(([name, part]) => [`${name}`, part]));
  return new Map(Object.entries(value));
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
  return value instanceof Map ? Object.fromEntries(value) : value;
}
