/**
 * The domain that a leaf cannot do without.
 *
 * @module
 */
import { XenopsError } from "../xenops_interface/mod.ts";
import type { Dom } from "./dom.ts";
import type { Engine } from "./engine.ts";

/** The domain of a VM, which must have one. */
export function needDom({ world }: Engine, vm: string): Dom {
  const dom = world.hv.dom(vm);
  if (dom === undefined) throw new XenopsError("Does_not_exist", ["domain", vm]);
  return dom;
}

/** The same, and it can run. */
export function needBuilt(engine: Engine, vm: string): Dom {
  const dom = needDom(engine, vm);
  if (!dom.built || (dom.hvm && !dom.dm)) throw new XenopsError("Domain_not_built");
  return dom;
}
