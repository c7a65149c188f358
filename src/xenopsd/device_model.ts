/**
 * The leaves of what a domain has besides itself: its device model and its mark.
 *
 * Source: xen-api, ocaml/xenopsd/xc/xenops_server_xen.ml.
 *
 * @module
 */
import { type Vm, XenopsError } from "../xenops_interface/mod.ts";
import type { Dom } from "./dom.ts";
import { needDom } from "./need_domain.ts";
import type { Marker } from "./operation.ts";
import type { Site } from "./site.ts";

/** With a saved state, the device model goes on where another one has stopped. */
export function createDeviceModel({ engine }: Site, vm: string, saveState: boolean): undefined {
  const dom = needDom(engine, vm);
  if (!dom.built) throw new XenopsError("Domain_not_built");
  const config = engine.db.vm(vm);
  const rfb = { protocol: "Rfb", port: 5900 + dom.domid, path: "" } as const;
  const path = `/dev/pts/${dom.domid}`;
  const vt100 = { protocol: "Vt100", port: 0, path } as const;
  const hasScreen = config.ty[0] === "HVM" || config.ty[1].framebuffer;
  const consoles = hasScreen ? [rfb, vt100] : [vt100];
  const state = saveState ? {} : freshState(config, dom.domid);
  const { hv } = engine.world;
  hv.set(dom, { dm: true, consoles, ...state });
  // A virtual GPU is there when its emulator is.
  for (const dev of engine.db.deviceNames("vgpu", vm)) {
    if (!dom.active.has(`vgpu:${dev}`)) continue;
    if (!hv.isPlugged(vm, "vgpu", dev)) hv.plug(dom, "vgpu", dev);
    engine.db.signal("vgpu", vm, dev);
  }
}

export function destroyDeviceModel({ engine }: Site, vm: string): undefined {
  const { hv } = engine.world;
  const dom = hv.dom(vm);
  if (!dom?.dm) return;
  hv.set(dom, { dm: false, consoles: [] });
  for (const dev of engine.db.deviceNames("vgpu", vm)) {
    hv.unplug(dom, "vgpu", dev);
    engine.db.signal("vgpu", vm, dev);
  }
}

export function setMarker({ engine }: Site, vm: string, request: Marker | undefined): undefined {
  const { hv } = engine.world;
  if (engine.quirks.has("X4-no-marker")) return;
  // Who ends a domain may find that there is none any more.
  const dom = request === undefined ? needDom(engine, vm) : hv.dom(vm);
  if (dom !== undefined && dom.marker !== request) hv.set(dom, { marker: request }, "marker");
}

/** The guest's kernel starts again in the same domain. */
export function softReboot({ engine }: Site, vm: string): undefined {
  engine.world.hv.set(needDom(engine, vm), { shutdown: undefined, paused: false });
}

export function setXsdata(
  { engine }: Site,
  vm: string,
  xsdata: readonly (readonly [string, string])[],
): undefined {
  engine.world.hv.set(needDom(engine, vm), { xsdata });
}

/** What there is in them when the domain has just come up. */
function freshState({ ty }: Vm, domid: number): Partial<Dom> {
  if (ty[0] !== "HVM") return {};
  const octets = (text: string) => Uint8Array.from(`${text} ${domid}`, (it) => it.charCodeAt(0));
  const { firmware, tpm } = ty[1];
  return {
    qemu: octets("QEMU"),
    nvram: firmware === "Bios" ? undefined : octets("NVRAM"),
    tpm: tpm === undefined ? undefined : octets("TPM"),
  };
}
