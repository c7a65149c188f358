/**
 * The VM that settings ask for, and the disturbance that they arm.
 *
 * @module
 */
import type {
  GuestStateLifetime,
  Host,
  SaveFault,
  VmProperties,
} from "../../../src/openhcl/mod.ts";
import { faultOf, oneOf, type Settings } from "./settings.ts";

/** Faults of the matrix that are a failure inside the first save. */
const SAVE_FAULTS: Readonly<Record<string, SaveFault>> = {
  "save-stuck": "save-stuck",
  "save-fail": "save-fail",
  "save-slow": "save-slow",
  "timeout-unset": "save-long",
  "nvme-save-error": "nvme-save-error",
  "unit-save-error": "unit-save-error",
  "unit-unknown": "unit-unknown",
  "unit-duplicate": "unit-duplicate",
  "unit-missing": "unit-missing",
  "flush-logs-timeout": "flush-logs-timeout",
  "vmgs-save-error": "vmgs-save-error",
  "pci-shutdown-error": "pci-shutdown-error",
};

/** Properties of the VM that `settings` ask for. */
export function vmOf(settings: Settings, seed: number): VmProperties {
  const { devices = "none", lifetime = "Default" } = settings;
  const fault = faultOf(settings);
  return {
    devices,
    lifetime: oneOf<GuestStateLifetime>("lifetime", lifetime, ["Default", "Ephemeral"]),
    isolated: fault === "isolated",
    vmbusConnected: fault !== "client-disconnected",
    messagePending: fault === "message-pending",
    shortensVariable: fault === "variable-shortened",
    seed,
  };
}

/** Arms the disturbance for the first save, or for the restore after it. */
export function arm(host: Host, settings: Settings): void {
  const fault = faultOf(settings);
  host.saveFault = SAVE_FAULTS[fault] ?? null;
  host.restoreStuck = fault === "restore-stuck";
}
