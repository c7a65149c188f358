/**
 * The VM that settings ask for.
 *
 * @module
 */
import {
  type DeviceIds,
  type Flight,
  type GuestEnding,
  type GuestStateLifetime,
  IDLE,
  type Placement,
  type Protocol,
  savePoint,
  type VmProperties,
} from "../../../src/openhcl/mod.ts";
import { faultOf, oneOf, type Settings } from "./settings.ts";

const PLACEMENTS: readonly Placement[] = ["whole", "roomy", "numa", "scarce", "fragmented"];

const IDS: readonly DeviceIds[] = ["usual", "reversed", "wide", "fused", "unreadable"];
const PROTOCOLS: readonly Protocol[] = [
  "current",
  "guest-iron",
  "guest-win10",
  "guest-win7",
  "host-pausing",
  "host-zeroed",
];

/** Properties of the VM that `settings` ask for. */
export function vmOf(settings: Settings, seed: number): VmProperties {
  const { devices = "none", lifetime = "Default", placement = "whole" } = settings;
  const fault = faultOf(settings);
  return {
    devices,
    lifetime: oneOf<GuestStateLifetime>("lifetime", lifetime, ["Default", "Ephemeral"]),
    isolated: fault === "machine:isolated:save",
    ...savePoint(settings.point ?? IDLE),
    flight: oneOf<Flight>("flight", settings.flight ?? "hop", ["hop", "chain"]),
    placement: oneOf<Placement>("placement", placement, PLACEMENTS),
    ids: oneOf("ids", settings.ids ?? "usual", IDS),
    protocol: oneOf("protocol", settings.protocol ?? "current", PROTOCOLS),
    shortensVariable: fault === "variable:shortened:after",
    seed,
  };
}

/** How the guest takes leave at the end of the path. */
export function endingOf({ ending = "goes-on" }: Settings): GuestEnding {
  return oneOf<GuestEnding>("ending", ending, ["goes-on", "leaves", "resets"]);
}
