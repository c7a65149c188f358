/**
 * What the model of xenopsd has, as cases look at it.
 *
 * @module
 */
import { toHex } from "../../../src/bytes/hex.ts";
import { XenopsError } from "../../../src/xenops_interface/mod.ts";
import type { Dom, Task, World } from "../../../src/xenopsd/mod.ts";
import type { XenopsDomain, XenopsImages, XenopsWorld } from "../../facets/xenopsd.ts";

/** Runs a step that does nothing under a callback of its task; the tag of its error. */
export function underCancel(task: Task, callback: () => void): string | undefined {
  const run = task.withCancel(callback, nothing());
  try {
    while (run.next().done !== true);
    return undefined;
  } catch (error) {
    return error instanceof XenopsError ? error.tag : "Internal_error";
  }
}

function* nothing(): Generator<undefined, void, void> {
  yield undefined;
}

function domainOf({ domid, uuid, paused, built, dm, marker }: Dom): XenopsDomain {
  const flags = { isPaused: paused, isBuilt: built, hasDeviceModel: dm };
  return { domid, uuid, ...flags, marker: marker ?? null };
}

export function createStranger({ hv }: World, uuid: string): void {
  const memory = { memory_target: 0n, memory_limit: 0n };
  const more = { vcpus: 1, xsdata: [], shadow_multiplier: 1, createdAtMs: 0 };
  const platformDevice = [1, 2] as const;
  hv.create({ uuid, hvm: false, marker: undefined, ...memory, ...more, platformDevice });
}

export function imagesOf({ hv }: World): XenopsImages {
  return {
    read: (path) => hv.images.get(`Local:${path}`),
    write: (path, octets) => hv.images.set(`Local:${path}`, octets),
    witness(vm) {
      const dom = hv.dom(vm);
      return dom === undefined ? undefined : toHex(dom.guestRam);
    },
  };
}

export function worldOf({ hv: { doms, storage } }: World): XenopsWorld {
  const held = [...storage].filter(([, { attached, activated }]) => attached || activated);
  return { domains: [...doms.values()].map(domainOf), storage: held.map(([key]) => key) };
}
