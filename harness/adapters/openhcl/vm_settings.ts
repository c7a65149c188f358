/**
 * The VM that settings ask for, and the disturbance that they arm.
 *
 * @module
 */
import type {
  DeviceIds,
  GuestStateLifetime,
  Host,
  Placement,
  Protocol,
  SaveFault,
  VmProperties,
} from "../../../src/openhcl/mod.ts";
import { faultOf, oneOf, type Settings } from "./settings.ts";

/** Faults of the matrix that are a failure inside the first save. */
const SAVE_FAULTS: Readonly<Record<string, SaveFault>> = {
  "servicing:stuck:save": "save-stuck",
  "servicing:fail:save": "save-fail",
  "units:slow:save": "save-slow",
  "host:no-timeout:save": "save-long",
  "nvme:unsavable:save": "nvme-save-error",
  "unit:unsavable:save": "unit-save-error",
  "unit:unknown:between": "unit-unknown",
  "unit:twice:between": "unit-duplicate",
  "unit:missing:between": "unit-missing",
  "logs:late:save": "flush-logs-timeout",
  "vmgs:unsavable:save": "vmgs-save-error",
  "pci:held:save": "pci-shutdown-error",
};

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
    vmbusConnected: fault !== "client-disconnected",
    messagePending: fault === "message-pending",
    placement: oneOf<Placement>("placement", placement, PLACEMENTS),
    ids: oneOf("ids", settings.ids ?? "usual", IDS),
    protocol: oneOf("protocol", settings.protocol ?? "current", PROTOCOLS),
    shortensVariable: fault === "variable:shortened:after",
    seed,
  };
}

/** Arms the disturbance for the first save, or for the restore after it. */
export function arm(host: Host, settings: Settings): void {
  const fault = faultOf(settings);
  host.saveFault = SAVE_FAULTS[fault] ?? null;
  host.restoreStuck = fault === "servicing:stuck:restore";
}
