/**
 * The leaves that make, end and change a domain.
 *
 * Source: facts of xenopsd, sections 2 and 7; reference model, section 1. A domain is created with
 * its mark: there is no time at which it is half-built and looks well.
 *
 * @module
 */
import { RpcDict, type Vm, XenopsError } from "../xenops_interface/mod.ts";
import { DEVICE_KINDS, extraPath } from "./database.ts";
import type { Engine } from "./engine.ts";
import { needDom } from "./need_domain.ts";
import { newExtra } from "./new_extra.ts";
import type { Marker } from "./operation.ts";
import { Random } from "./random.ts";
import type { Site } from "./site.ts";
import type { Run } from "./step_point.ts";
import { EXTRA } from "./vm_extra.ts";

/** Octets of memory that are looked at again after a guest was resumed. */
const WITNESS_LENGTH = 32;

export function* createDomain(site: Site, vm: string, resume: boolean): Run<undefined> {
  const { engine } = site;
  const { hv } = engine.world;
  const config = engine.db.vm(vm);
  if (hv.dom(vm) !== undefined) throw new XenopsError("Already_exists", ["domain", vm]);
  const kept = resume ? engine.db.extra(vm) : undefined;
  const extra = kept ?? newExtra(config, engine.clock.nowSeconds);
  yield* site.write(extraPath(vm), extra, EXTRA, "extra");
  yield site.mid("extra");
  const memory = resume ? extra.suspend_memory_bytes : config.memory_dynamic_max;
  const isLate = engine.quirks.has("late-marker");
  const isUnmarked = isLate || engine.quirks.has("X4-no-marker");
  const dom = hv.create(wanted(engine, config, memory, isUnmarked ? undefined : "poweroff"));
  if (!isLate) return;
  yield site.mid("domain");
  hv.set(dom, { marker: "poweroff" }, "marker");
}

function wanted(engine: Engine, config: Vm, memory: bigint, marker: Marker | undefined) {
  return {
    uuid: config.id,
    hvm: config.ty[0] === "HVM",
    marker,
    memory_target: memory,
    memory_limit: config.memory_static_max,
    vcpus: config.vcpus,
    shadow_multiplier: config.ty[0] === "HVM" ? config.ty[1].shadow_multiplier : 1,
    xsdata: config.xsdata,
    createdAtMs: engine.clock.nowMs,
  };
}

export function* buildDomain(site: Site, vm: string): Run<undefined> {
  const { engine } = site;
  const { hv } = engine.world;
  const config = engine.db.vm(vm);
  const dom = needDom(engine, vm);
  const extra = engine.db.extra(vm) ?? newExtra(config, engine.clock.nowSeconds);
  const build_info = new RpcDict([
    ["memory_max", config.memory_static_max],
    ["vcpus", BigInt(config.vcpu_max)],
  ]);
  const built = { ...extra, build_info, ty: config.ty };
  yield* site.write(extraPath(vm), built, EXTRA, "build_info");
  yield site.mid("build_info");
  const guestRam = witness(vm, dom.domid);
  hv.set(dom, { built: true, memory_actual: dom.memory_target, guestRam });
}

/** What the guest writes into its memory: not the same for any two domains. */
function witness(vm: string, domid: number): Uint8Array {
  let seed = domid;
  for (let i = 0; i < vm.length; i++) seed = Math.imul(seed, 31) + vm.charCodeAt(i);
  const random = new Random(seed);
  return Uint8Array.from({ length: WITNESS_LENGTH }, () => random.below(256));
}

/** No domain is as good as a destroyed one. What a suspended VM needs to come back stays. */
export function* destroyDomain(site: Site, vm: string): Run<undefined> {
  const { engine } = site;
  const { hv, fs } = engine.world;
  const dom = hv.dom(vm);
  const keeps = dom === undefined || dom.shutdown === 2;
  if (dom !== undefined) {
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
