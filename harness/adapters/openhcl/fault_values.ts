/**
 * Values of the axis `fault`, in the order in which they came to the space.
 *
 * @module
 */
import type { Retired } from "../../axis.ts";
import { FAULTS, faultName } from "../../faults/mod.ts";
import { GUEST_PROTOCOLS } from "./axis_values.ts";

/** Those of edition 1. */
export const FIRST_FAULTS: readonly string[] = [
  "servicing:stuck:save",
  "servicing:fail:save",
  "servicing:stuck:restore",
  "units:slow:save",
  "host:no-timeout:save",
  "machine:isolated:save",
  "machine:paused:save",
  "nvme:unsavable:save",
  "unit:unsavable:save",
  "unit:unknown:between",
  "unit:twice:between",
  "unit:missing:between",
  "logs:late:save",
  "vmgs:unsavable:save",
  "pci:held:save",
  "variable:shortened:after",
];

/** Those that have become points of the save. */
export const PAST_FAULTS: readonly Retired[] = [
  { value: "client-disconnected", after: "pci:held:save", edition: 4 },
  {
    value: "message-pending",
    after: "client-disconnected",
    edition: 4,
    never: { protocol: GUEST_PROTOCOLS },
  },
];

/** Those of edition 3 and later ones. */
const LAST_FAULTS: Readonly<Record<string, number>> = {
  "queue:unsavable:save": 3,
  "nic:reset:between": 3,
  "commands:done:restore": 4,
  "identify:panic:restore": 5,
  "create-queue:panic:restore": 5,
};

/** Those of edition 2 and of later ones, which come last. */
export const LATER_FAULTS: readonly string[] = [
  ...FAULTS.map(faultName).filter((name) => !FIRST_FAULTS.includes(name) && !(name in LAST_FAULTS)),
  ...Object.keys(LAST_FAULTS),
];

/** The edition that a value of {@linkcode LATER_FAULTS} came with. */
export function editionOfFault(name: string): number {
  return LAST_FAULTS[name] ?? 2;
}
