/**
 * Removing a VM and what belongs to it, file by file; the configuration goes last, so that a VM
 * that is half-removed can be removed again.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml.
 *
 * @module
 */
import { DEVICE_KINDS, devicePath, extraPath } from "./database.ts";
import type { Site } from "./site.ts";
import type { Run } from "./step_point.ts";
import { needPowerState } from "./verify.ts";

export function* removeVm(site: Site, vm: string): Run<undefined> {
  const { db } = site.engine;
  const { fs } = db;
  site.task.checkCancelling();
  db.vm(vm);
  needPowerState(site.engine, vm, ["Halted", "Suspended"]);
  yield site.before(0, "VM_remove", vm);
  for (const kind of DEVICE_KINDS) {
    for (const dev of db.deviceNames(kind, vm)) {
      fs.rm(devicePath(kind, vm, dev));
      db.forget(kind, vm, dev);
      yield site.mid(`${kind}.${dev}`);
    }
  }
  if (fs.has(extraPath(vm))) {
    fs.rm(extraPath(vm));
    yield site.mid("extra");
  }
  db.removeConfig(vm);
  yield site.after();
}
