/**
 * Where the guest and its devices are when the machine is saved first: steps of OpenHCL on the bus
 * of the host, of the guest on its own bus, and of the guest's work with disks. Names are the
 * values of an axis.
 *
 * Source: microsoft/openvmm, pull requests 2736 and 2753 (a second save while I/O is drained), 1681
 * (saved after the connection and before the offers), 3649 (a channel that is closed), 2410 (a
 * GPADL half built).
 *
 * @module
 */
import type { ProtocolStep } from "../guest/mod.ts";
import { DISK_STEPS, type DiskStep } from "./disk_step_names.ts";
import type { ClientStep } from "./vm_properties.ts";

/** What a machine is told about its point. */
export interface SavePoint {
  readonly clientStep?: ClientStep;
  readonly guestStep?: ProtocolStep;
  readonly diskStep?: DiskStep;
}

/** Nothing is under way but the guest's usual work. */
export const IDLE = "idle";

/** Names of the guest's steps on its bus: what it is about, and how far that has come. */
const BUS_NAMES: Readonly<Record<ProtocolStep, string>> = {
  "not-connected": "contact:none",
  "contact-sent": "contact:sent",
  connected: "contact:done",
  "offers-requested": "offers:sent",
  "offers-delivered": "offers:done",
  "gpadl-begun": "gpadl:begun",
  "gpadl-offered": "gpadl:sent",
  "gpadl-created": "gpadl:done",
  "open-sent": "open:sent",
  open: "open:done",
  "modify-channel-sent": "channel-change:sent",
  "modify-connection-sent": "connection-change:sent",
  "ring-in-flight": "ring:sent",
  "close-sent": "close:sent",
  "reopen-sent": "reopen:sent",
  "gpadl-teardown-sent": "teardown:sent",
  rescinded: "rescind:begun",
  released: "rescind:done",
  "unload-sent": "unload:sent",
  "rescind-crossed": "rescind:crossed",
  "rescind-before-answer": "rescind:early",
  "offered-anew": "rescind:undone",
  "message-pending": "answers:pending",
  "contact-kept": "contact:begun",
};

/** By name, in the order of a guest's life; {@linkcode IDLE} first. */
const POINTS: ReadonlyMap<string, SavePoint> = new Map<string, SavePoint>([
  [IDLE, {}],
  ["client:none", { clientStep: "none" }],
  ...Object.entries(BUS_NAMES).map(([guestStep, name]): [string, SavePoint] => [
    name,
    { guestStep: guestStep as ProtocolStep },
  ]),
  ...DISK_STEPS.map((diskStep): [string, SavePoint] => [diskStep, { diskStep }]),
]);

/** Every name. */
export const SAVE_POINTS: readonly string[] = [...POINTS.keys()];

/** The point called `name`. */
export function savePoint(name: string): SavePoint {
  const found = POINTS.get(name);
  if (found !== undefined) return found;
  throw new RangeError(
    `Cannot set up machine as point must be one of ${SAVE_POINTS.join(", ")}: ` +
      `current value is ${name}`,
  );
}
