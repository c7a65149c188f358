/**
 * What is asked of the guest's own drivers.
 *
 * @module
 */
import { needBuilt, needDom } from "./need_domain.ts";
import type { Site } from "./site.ts";

/** Guests of this host have no agent that would hear it. */
export function requestRdp({ engine }: Site, vm: string): undefined {
  needBuilt(engine, vm);
}

/** The domain goes on after it was suspended, with the memory that it has. */
export function resumeFast({ engine }: Site, vm: string): undefined {
  const dom = needDom(engine, vm);
  if (dom.shutdown === 2) engine.world.hv.set(dom, { shutdown: undefined });
}
