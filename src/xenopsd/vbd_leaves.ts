/**
 * The leaves of VBDs. What a VM holds of a disk is attached, then activated, then there is a
 * frontend; on the way back it is the other way around, from wherever it stands.
 *
 * Source: xen-api, ocaml/xenopsd/xc/xenops_server_xen.ml.
 *
 * @module
 */
import { type Disk, type Vbd, XenopsError } from "../xenops_interface/mod.ts";
import { needDom } from "./need_domain.ts";
import type { Site } from "./site.ts";
import type { Run } from "./step_point.ts";

export function* plugVbd(site: Site, vm: string, dev: string): Run<undefined> {
  const { engine } = site;
  const { hv } = engine.world;
  const dom = needDom(engine, vm);
  if (hv.isPlugged(vm, "vbd", dev)) return;
  const vbd = engine.db.device("vbd", vm, dev);
  if (vbd.backend !== undefined) yield* hold(site, vbd, vbd.backend);
  hv.plug(dom, "vbd", dev);
}

/** Takes hold of the disk. */
export function* hold(site: Site, { id: [vm, dev], mode }: Vbd, backend: Disk): Run<void> {
  const { hv } = site.engine.world;
  const storage = hv.holdStorage(vm, dev, backend, mode);
  hv.setStorage(storage, { attached: true }, "attach");
  yield site.mid("attach");
  hv.setStorage(storage, { activated: true }, "activate");
  yield site.mid("activate");
}

export function* unplugVbd(site: Site, vm: string, dev: string): Run<undefined> {
  const { engine } = site;
  const { hv } = engine.world;
  const dom = hv.dom(vm);
  if (dom !== undefined && hv.isPlugged(vm, "vbd", dev)) {
    hv.unplug(dom, "vbd", dev);
    if (hv.storage.has(`${vm}/${dev}`)) yield site.mid("frontend");
  } else if (engine.quirks.has("X7-unplug-once")) {
    throw new XenopsError("Does_not_exist", dom === undefined ? ["domain", vm] : ["vbd", dev]);
  }
  yield* release(site, vm, dev);
}

/** Lets go of the disk; the epoch lasts until the VM is off. */
export function* release(site: Site, vm: string, dev: string): Run<undefined> {
  const { hv } = site.engine.world;
  const storage = hv.storage.get(`${vm}/${dev}`);
  if (storage?.activated) {
    hv.setStorage(storage, { activated: false }, "deactivate");
    yield site.mid("deactivate");
  }
  if (storage?.attached) hv.setStorage(storage, { attached: false }, "detach");
}
