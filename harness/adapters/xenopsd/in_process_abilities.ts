/**
 * What cases can ask of the model of xenopsd in this process: all that there is.
 *
 * @module
 */
import type { Capability } from "../../facets/xenopsd.ts";

export const CAPABILITIES: ReadonlySet<Capability> = new Set([
  "active-flag",
  "barriers",
  "callbacks",
  "cancel",
  "cancel-trigger",
  "checks",
  "consoles",
  "db-access",
  "diagnostics",
  "faults",
  "fresh",
  "hangs",
  "hooks",
  "host-reboot",
  "image-bytes",
  "images",
  "metadata-export",
  "migrate",
  "pause-visible",
  "pools",
  "queues",
  "records",
  "restart",
  "step",
  "tap",
  "unmanaged",
  "updates",
  "vgpu",
  "wire",
  "witness",
]);
