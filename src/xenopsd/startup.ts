/**
 * What a process does before anything else: every stored object is an update, every domain that is
 * ours is looked at.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenopsd.ml (main). VMs without a domain get no check: they
 * stay halted.
 *
 * @module
 */
import { writeJson, XenopsError } from "../xenops_interface/mod.ts";
import { upgradeInternalState, VM_EXTRA } from "../xenopsd_record/mod.ts";
import { isHalfway } from "./check_state.ts";
import { DEVICE_KINDS, extraPath } from "./database.ts";
import type { DeviceKind } from "./dom.ts";
import type { Engine } from "./engine.ts";
import { HOST_STAT } from "./host_stat.ts";
import { isTemporary } from "./temporary_id.ts";

const CHECKED = [
  ["vbd", "VBD_check_state"],
  ["vif", "VIF_check_state"],
  ["pci", "PCI_check_state"],
  ["vusb", "VUSB_check_state"],
] as const;

export function startUp(engine: Engine): void {
  for (const vm of engine.db.vms()) {
    engine.db.signalVm(vm);
    for (const kind of DEVICE_KINDS) registerDevices(engine, kind, vm);
  }
  for (const vm of engine.db.vms()) upgradeRecord(engine, vm);
  if (!engine.quirks.has("X5-no-scan")) scan(engine);
  // What a migration has left half-way here is somewhere else, or nowhere.
  for (const vm of engine.db.vms().filter(isTemporary)) {
    engine.check({ o: "VM_check_state", vm });
    engine.tasks.destroyOnFinish(engine.enqueue({ o: "VM_remove", vm }, "event"));
  }
}

function scan(engine: Engine): void {
  const { hv } = engine.world;
  for (const { uuid } of hv.doms.values()) {
    // Whose domain it is that has no runtime record is not for us to say.
    if (!engine.db.fs.has(extraPath(uuid))) continue;
    engine.needsAttention(uuid);
    checkDevices(engine, uuid);
  }
}

/** What an older process has written; that it cannot be read must not stop the process. */
function upgradeRecord({ db }: Engine, vm: string): void {
  try {
    const config = db.findVm(vm);
    const extra = db.extra(vm);
    if (config === undefined || extra === undefined) return;
    const upgraded = upgradeInternalState(extra, config, HOST_STAT.cpu_info);
    const before = db.fs.text(extraPath(vm));
    if (before !== writeJson(VM_EXTRA.encode(upgraded))) {
      db.fs.write(extraPath(vm), upgraded, VM_EXTRA);
    }
  } catch (error) {
    if (!(error instanceof XenopsError)) throw error;
  }
}

function registerDevices(engine: Engine, kind: DeviceKind, vm: string): void {
  if (kind === "vif" && engine.quirks.has("vifs-unregistered")) return;
  for (const dev of engine.db.deviceNames(kind, vm)) engine.db.signal(kind, vm, dev);
}

/** Checks of the devices that were struck between being unplugged and being plugged. */
function checkDevices(engine: Engine, vm: string): void {
  for (const [kind, o] of CHECKED) {
    for (const dev of engine.db.deviceNames(kind, vm)) {
      if (isHalfway(engine, kind, vm, dev)) engine.check({ o, vm, dev });
    }
  }
}
