/**
 * The leaves of what is in a drive, and of the time for which a disk is in use.
 *
 * Source: xen-api, ocaml/xenopsd/xc/xenops_server_xen.ml.
 *
 * @module
 */
import { type Disk, VBD, type Vbd, XenopsError } from "../xenops_interface/mod.ts";
import { devicePath } from "./database.ts";
import { diskName } from "./hypervisor.ts";
import { needDom } from "./need_domain.ts";
import type { Site } from "./site.ts";
import type { Run } from "./step_point.ts";
import { hold, release } from "./vbd_leaves.ts";

export function beginEpoch({ engine }: Site, vm: string, dev: string): undefined {
  const { backend, mode } = engine.db.device("vbd", vm, dev);
  const { hv } = engine.world;
  const storage = hv.holdStorage(vm, dev, backend, mode);
  hv.setStorage(storage, { epoch: true }, "epoch");
}

export function endEpoch({ engine }: Site, vm: string, dev: string): undefined {
  const { hv } = engine.world;
  const storage = hv.storage.get(`${vm}/${dev}`);
  if (storage?.epoch) hv.setStorage(storage, { epoch: false }, "epoch");
}

export function* insert(site: Site, vm: string, dev: string, disk: Disk): Run<undefined> {
  const { engine } = site;
  const dom = needDom(engine, vm);
  const vbd = engine.db.device("vbd", vm, dev);
  if (vbd.backend !== undefined && diskName(vbd.backend) !== diskName(disk)) {
    throw new XenopsError("Media_present");
  }
  const filled: Vbd = { ...vbd, backend: disk };
  yield* site.write(devicePath("vbd", vm, dev), filled, VBD, "backend");
  if (!dom.frontends.has(`vbd:${dev}`)) return;
  yield site.mid("backend");
  yield* hold(site, filled, disk);
}

export function* eject(site: Site, vm: string, dev: string): Run<undefined> {
  const { engine } = site;
  needDom(engine, vm);
  const vbd = engine.db.device("vbd", vm, dev);
  if (vbd.ty === "Disk") throw new XenopsError("Media_not_ejectable");
  if (vbd.backend === undefined) throw new XenopsError("Media_not_present");
  yield* release(site, vm, dev);
  endEpoch(site, vm, dev);
  yield site.mid("detach");
  const empty: Vbd = { ...vbd, backend: undefined };
  yield* site.write(devicePath("vbd", vm, dev), empty, VBD, "backend");
}
