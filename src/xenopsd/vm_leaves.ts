/**
 * The leaves that make, end and change a domain.
 *
 * Source: xen-api, ocaml/xenopsd/xc/xenops_server_xen.ml. A domain is created with its mark: there
 * is no time at which it is half-built and looks well.
 *
 * @module
 */
import { type Vm, XenopsError } from "../xenops_interface/mod.ts";
import {
  domainConfigOf,
  newExtra,
  platformDeviceOf,
  VM_EXTRA,
  type VmExtra,
} from "../xenopsd_record/mod.ts";
import { DEVICE_KINDS, extraPath } from "./database.ts";
import type { Dom } from "./dom.ts";
import type { Engine } from "./engine.ts";
import type { NewDom } from "./hypervisor.ts";
import { needDom } from "./need_domain.ts";
import type { Marker } from "./operation.ts";
import { Random } from "./random.ts";
import type { Site } from "./site.ts";
import type { Run } from "./step_point.ts";
import { unplugVbd } from "./vbd_leaves.ts";

/** Octets of memory that are looked at again after a guest was resumed. */
const WITNESS_LENGTH = 32;
const PAGE = 4096;

export function* createDomain(site: Site, vm: string, resume: boolean): Run<undefined> {
  const { engine } = site;
  const { hv } = engine.world;
  const config = engine.db.vm(vm);
  if (hv.dom(vm) !== undefined) throw new XenopsError("Already_exists", ["domain", vm]);
  const extra = resume
    ? resumed(engine, config)
    : newExtra(config, engine.clock.nowSeconds, engine.release.extraVersion);
  yield* site.write(extraPath(vm), extra, VM_EXTRA, "extra");
  yield site.mid("extra");
  const isLate = engine.quirks.has("late-marker");
  const isUnmarked = isLate || engine.quirks.has("X4-no-marker");
  const dom = hv.create(wanted(engine, config, extra, isUnmarked ? undefined : "poweroff"));
  if (!isLate) return;
  yield site.mid("domain");
  hv.set(dom, { marker: "poweroff" }, "marker");
}

/** The record of the VM that was suspended; of one without any, what can be said without it. */
function resumed({ db, clock }: Engine, config: Vm): VmExtra {
  const { build_info: _, ...unbuilt } = newExtra(config, clock.nowSeconds);
  const extra = db.extra(config.id) ?? unbuilt;
  return { ...extra, domain_config: domainConfigOf(extra, config) };
}

function wanted(engine: Engine, config: Vm, extra: VmExtra, marker: Marker | undefined): NewDom {
  const { suspend_memory_bytes: suspended } = extra;
  return {
    uuid: config.id,
    hvm: config.ty[0] === "HVM",
    marker,
    memory_target: suspended === 0n ? config.memory_dynamic_max : suspended,
    memory_limit: config.memory_static_max,
    vcpus: config.vcpus,
    shadow_multiplier: config.ty[0] === "HVM" ? config.ty[1].shadow_multiplier : 1,
    xsdata: config.xsdata,
    platformDevice: platformDeviceOf(extra),
    createdAtMs: engine.clock.nowMs,
  };
}

export function buildDomain({ engine }: Site, vm: string): undefined {
  const { hv } = engine.world;
  const dom = needDom(engine, vm);
  const guestRam = witness(vm, dom.domid);
  hv.set(dom, { built: true, memory_actual: dom.memory_target, guestRam });
}

/** Of a domain that is destroyed with its devices, disks are let go first. */
function* letGo(site: Site, dom: Dom): Run<void> {
  const { hv } = site.engine.world;
  const held = [...hv.storage.values()].filter(
    ({ vm, attached, activated }) => vm === dom.uuid && (attached || activated),
  );
  if (held.length === 0) return;
  hv.set(dom, { marker: "poweroff" }, "marker");
  yield site.mid("marker");
  for (const { vm, dev } of held) {
    yield* unplugVbd(site, vm, dev);
    yield site.mid(`vbd.${dev}`);
  }
}

/** What the guest writes into its memory: not the same for any two domains. */
function witness(vm: string, domid: number): Uint8Array {
  let seed = domid;
  for (let i = 0; i < vm.length; i++) seed = Math.imul(seed, 31) + vm.charCodeAt(i);
  const random = new Random(seed);
  const page = new Uint8Array(PAGE);
  for (let i = 0; i < WITNESS_LENGTH; i++) page[i] = random.below(256);
  return page;
}

/** No domain is as good as a destroyed one. What a suspended VM needs to come back stays. */
export function* destroyDomain(site: Site, vm: string): Run<undefined> {
  const { engine } = site;
  const { hv, fs } = engine.world;
  const dom = hv.dom(vm);
  const keeps = dom === undefined || dom.shutdown === 2;
  if (dom !== undefined) {
    yield* letGo(site, dom);
    const held = [...dom.active, ...dom.frontends.keys()];
    hv.destroy(dom);
    for (const kind of held.length === 0 ? [] : DEVICE_KINDS) {
      for (const dev of engine.db.deviceNames(kind, vm)) engine.db.signal(kind, vm, dev);
    }
  }
  if (!fs.has(extraPath(vm))) return;
  if (keeps && (engine.db.extra(vm)?.suspend_memory_bytes ?? 0n) !== 0n) return;
  if (dom !== undefined) yield site.mid("domain");
  fs.rm(extraPath(vm));
}
