/**
 * What to do with a VM, or a device, that needs attention. It is decided when the check is made,
 * from what is found then.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml (VM_check_state);
 * ocaml/xenopsd/xc/xenops_server_xen.ml (get_domain_action_request).
 *
 * @module
 */
import type { Action } from "../xenops_interface/mod.ts";
import type { DeviceKind } from "./dom.ts";
import type { Engine } from "./engine.ts";
import type { Atomic, CheckState, Operation } from "./operation.ts";
import { isTemporary } from "./temporary_id.ts";

type Request = "poweroff" | "reboot" | "suspend" | "crashdump" | "softreboot";

const BY_SHUTDOWN_CODE: readonly Request[] = [
  "poweroff",
  "reboot",
  "suspend",
  "crashdump",
  "reboot",
  "softreboot",
];

/** A guest that goes down sooner after it came up does so again. */
const UPTIME_MIN_S = 120;
const REBOOT_DELAY_S = 15;

/** What the domain asks for; nothing if it is well. */
export function requestOf({ world }: Engine, vm: string): Request | undefined {
  const dom = world.hv.dom(vm);
  if (dom === undefined) return "poweroff";
  if (dom.shutdown !== undefined) return BY_SHUTDOWN_CODE[dom.shutdown] ?? "poweroff";
  return dom.marker;
}

/** What a check of a VM does; a check within a check starts nothing, or it might never end. */
export function vmRemedies(engine: Engine, vm: string, isNested: boolean): Operation[] {
  const request = requestOf(engine, vm);
  if (request === undefined) return [];
  const isUp = uptimeSeconds(engine, vm) >= UPTIME_MIN_S;
  return actionsOf(engine, vm, request).flatMap((action): Operation[] => {
    const mayStart = !isNested && (request !== "crashdump" || isUp);
    const isOff = isTemporary(vm) || (action === "Start" && !mayStart);
    return remedy(vm, isOff ? "Shutdown" : action, isUp);
  });
}

function actionsOf(engine: Engine, vm: string, request: Request): readonly Action[] {
  const config = engine.db.findVm(vm);
  switch (request) {
    case "poweroff":
      return config?.on_shutdown ?? ["Shutdown"];
    case "reboot":
      return config?.on_reboot ?? ["Shutdown"];
    case "crashdump":
      return config?.on_crash ?? ["Shutdown"];
    case "softreboot":
      return config?.on_softreboot ?? ["Shutdown"];
    case "suspend":
      return ["Shutdown"];
  }
}

function remedy(vm: string, action: Action, isUp: boolean): Operation[] {
  switch (action) {
    case "Coredump":
      return [];
    case "Shutdown":
      return [{ o: "VM_shutdown", vm, delay: undefined }];
    case "Start": {
      // Whoever cuts the wait short has no less of a VM to be mended.
      const delay: Atomic = { best: { a: "VM_delay", vm, seconds: REBOOT_DELAY_S } };
      const wait: Operation[] = isUp ? [] : [{ o: "Atomic", vm, atom: delay }];
      return [...wait, { o: "VM_reboot", vm, delay: undefined }];
    }
    case "Pause":
      return [{ o: "Atomic", vm, atom: { a: "VM_pause", vm } }];
    case "Softreboot":
      return [{ o: "Atomic", vm, atom: { a: "VM_softreboot", vm } }];
  }
}

function uptimeSeconds({ world, clock }: Engine, vm: string): number {
  return (clock.nowMs - (world.hv.dom(vm)?.createdAtMs ?? clock.nowMs)) / 1000;
}

const CHECKED = {
  VBD_check_state: "vbd",
  VIF_check_state: "vif",
  PCI_check_state: "pci",
  VUSB_check_state: "vusb",
} as const;

type DeviceCheck = Exclude<CheckState, { o: "VM_check_state" }>;

/** What a check of a device does. */
export function deviceRemedies(engine: Engine, op: DeviceCheck): Atomic[] {
  const kind = CHECKED[op.o];
  const { vm, dev } = op;
  const isRunning = engine.world.hv.dom(vm) !== undefined;
  if (isRunning && !isHalfway(engine, kind, vm, dev)) return [];
  switch (kind) {
    case "vbd":
      return [
        { a: "VBD_unplug", vm, dev, force: true },
        { a: "VBD_set_active", vm, dev, active: false },
      ];
    case "vif":
      return [
        { a: "VIF_unplug", vm, dev, force: true },
        { a: "VIF_set_active", vm, dev, active: false },
      ];
    case "pci":
      return [{ a: "PCI_unplug", vm, dev }];
    case "vusb":
      return [{ a: "VUSB_unplug", vm, dev }];
  }
}

/** It was struck between being unplugged and being plugged. */
export function isHalfway({ world }: Engine, kind: DeviceKind, vm: string, dev: string): boolean {
  const { hv } = world;
  if (hv.isPlugged(vm, kind, dev)) return false;
  const storage = kind === "vbd" ? hv.storage.get(`${vm}/${dev}`) : undefined;
  return storage?.attached === true || (hv.dom(vm)?.active.has(`${kind}:${dev}`) ?? false);
}
