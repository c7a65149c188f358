/**
 * A VM under another id: its files are written anew, then the domain changes its name at once, then
 * the old files go, the configuration last.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml.
 *
 * @module
 */
import { VM } from "../xenops_interface/mod.ts";
import { VM_EXTRA } from "../xenopsd_record/mod.ts";
import { DEVICE_KINDS, devicePath, extraPath, vmPath } from "./database.ts";
import type { Site } from "./site.ts";
import type { Run } from "./step_point.ts";

export function* renameVm(site: Site, from: string, to: string): Run<undefined> {
  const { db, world } = site.engine;
  const vm = db.vm(from);
  yield* site.write(vmPath(to), { ...vm, id: to }, VM, "config");
  db.signalVm(to);
  yield site.mid("config");
  for (const kind of DEVICE_KINDS) {
    for (const device of db.devices(kind, from)) {
      const [, dev] = device.id;
      const renamed = { ...device, id: [to, dev] } as never;
      yield* site.write(devicePath(kind, to, dev), renamed, db.codecOf(kind), kind);
      db.signal(kind, to, dev);
      yield site.mid(`${kind}.${dev}`);
    }
  }
  const extra = db.extra(from);
  if (extra !== undefined) {
    yield* site.write(extraPath(to), extra, VM_EXTRA, "extra");
    yield site.mid("extra");
  }
  const dom = world.hv.dom(from);
  if (dom !== undefined) world.hv.rename(dom, to);
  db.signalVm(to);
  yield site.mid("domain");
  yield* removeOld(site, from);
}

function* removeOld(site: Site, vm: string): Run<undefined> {
  const { db } = site.engine;
  for (const kind of DEVICE_KINDS) {
    for (const dev of db.deviceNames(kind, vm)) {
      db.fs.rm(devicePath(kind, vm, dev));
      db.forget(kind, vm, dev);
      yield site.mid(`old ${kind}.${dev}`);
    }
  }
  db.fs.rm(extraPath(vm));
  yield site.mid("old extra");
  db.removeConfig(vm);
}
