/**
 * The keepalive mode that a hop must decide on, by table. MANA follows NVMe's text where the option
 * exists, the machine has such a device and the host does not say otherwise; see the axis `mana` of
 * the matrix. A text that is absent is disabled (microsoft/openvmm,
 * openhcl/underhill_core/src/options.rs).
 *
 * @module
 */
import type { Condition } from "../condition.ts";
import type { Hop } from "../path.ts";
import { type Gate, KEEPALIVE_MODES, MANA, type ModeRow, rowOf } from "./tables.ts";

type Settings = Condition["settings"];

export type DeviceClass = "nvme" | "mana";

const AS_NVME = "mana-as-nvme";

/** Releases that have an option for MANA. */
const MANA_RELEASES = new Set(
  MANA.releases.filter(({ option }) => option).flatMap(({ releases }) => releases),
);

/** Hops are few and shared. */
const rowsOfHops = new WeakMap<Hop, ModeRow>();

export function modeRow(hop: Hop): ModeRow {
  const known = rowsOfHops.get(hop);
  if (known !== undefined) return known;
  const { release, inputs } = hop;
  const found = rowOf(
    KEEPALIVE_MODES.rows,
    `keepalive of ${release}`,
    (row) =>
      row.releases.includes(release) &&
      row.host === inputs.host &&
      row.pool === inputs.pool &&
      !row.disable,
  );
  rowsOfHops.set(hop, found);
  return found;
}

export function modeOf(hop: Hop, device: DeviceClass, settings: Settings): string {
  const { mode } = modeRow(hop);
  if (device === "nvme") return mode;
  const given = settings.devices === "nvme+mana" && MANA_RELEASES.has(hop.release);
  const option = given ? (hop.inputs.mana ?? AS_NVME) : "mana-off";
  if (option === AS_NVME) return mode;
  return option === "mana-on" ? "enabled" : "disabled";
}

/** Whether the mode of a device class is enabled, and the request asks for it. */
export function gateOf(hop: Hop, device: DeviceClass, settings: Settings): Gate {
  if (modeOf(hop, device, settings) !== "enabled") return "off";
  const asked = (settings.request ?? "none").split("+").includes(device);
  return asked ? "kept" : "gated";
}
