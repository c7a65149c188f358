/**
 * The leaves of VIFs, PCI devices, vGPUs and VUSBs.
 *
 * Source: xen-api, ocaml/xenopsd/xc/xenops_server_xen.ml. To unplug what is not plugged does
 * nothing.
 *
 * @module
 */
import { VIF, type Vif, XenopsError } from "../xenops_interface/mod.ts";
import { devicePath } from "./database.ts";
import type { DeviceKind } from "./dom.ts";
import { needDom } from "./need_domain.ts";
import type { Site } from "./site.ts";
import type { Run } from "./step_point.ts";

/** It is meant to be plugged, or not any more; without a domain nothing is. */
export function setActive(
  { engine }: Site,
  kind: DeviceKind,
  vm: string,
  dev: string,
  active: boolean,
): undefined {
  const { hv } = engine.world;
  const dom = active ? needDom(engine, vm) : hv.dom(vm);
  if (dom === undefined || (kind !== "vgpu" && engine.quirks.has("X2-never-active"))) return;
  if (active) engine.db.device(kind, vm, dev);
  hv.setActive(dom, kind, dev, active);
}

export function plugDevice({ engine }: Site, kind: DeviceKind, vm: string, dev: string): undefined {
  const { hv } = engine.world;
  const dom = needDom(engine, vm);
  engine.db.device(kind, vm, dev);
  if (kind === "vusb" && engine.quirks.has("X6-no-migrate")) return;
  if (!hv.isPlugged(vm, kind, dev)) hv.plug(dom, kind, dev);
}

export function unplugDevice(
  { engine }: Site,
  kind: DeviceKind,
  vm: string,
  dev: string,
): undefined {
  const { hv } = engine.world;
  const dom = hv.dom(vm);
  if (dom !== undefined && hv.isPlugged(vm, kind, dev)) hv.unplug(dom, kind, dev);
  else if (kind !== "vusb" && engine.quirks.has("X7-unplug-once")) {
    throw new XenopsError("Does_not_exist", dom === undefined ? ["domain", vm] : [kind, dev]);
  }
}

export function startVgpu(site: Site, vm: string, dev: string): undefined {
  if (site.engine.quirks.has("X6-no-migrate")) throw new XenopsError("Unimplemented", "VGPU.start");
  plugDevice(site, "vgpu", vm, dev);
}

/** Another value in the record of a VIF; one that is plugged follows it. */
export function* setVif(site: Site, vm: string, dev: string, fields: Partial<Vif>): Run<undefined> {
  const vif = { ...site.engine.db.device("vif", vm, dev), ...fields };
  yield* site.write(devicePath("vif", vm, dev), vif, VIF, "vif");
}
