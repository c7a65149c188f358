/**
 * Whether a VM is whole after a repair: Halted with nothing left, Suspended with its image, or
 * with a domain that can live.
 *
 * @module
 */
import type { World } from "../xenopsd/mod.ts";
import { suspendedBytes } from "./world_records.ts";

/** What is wrong with a VM; undefined when it is whole. */
export function unsoundOf({ hv, fs }: World, vm: string): string | undefined {
  const domains = [...hv.doms.values()].filter(({ uuid }) => uuid === vm);
  const [dom] = domains;
  if (domains.length > 1) return `it has ${domains.length} domains`;
  if (dom === undefined) {
    const held = [...hv.storage.values()].find(
      (it) => it.vm === vm && (it.attached || it.activated),
    );
    if (held !== undefined) return `it has no domain, and the storage of ${held.dev} is held`;
    const isSuspended = suspendedBytes(fs, vm) !== 0n;
    return isSuspended && hv.images.size === 0 ? "it is Suspended, without an image" : undefined;
  }
  if (dom.marker !== undefined) return `its domain is still marked ${dom.marker}`;
  if (!dom.built) return "its domain is not built";
  if (dom.hvm && !dom.dm) return "its domain has no device model";
  for (const [key, { kind, plugged }] of dom.frontends) {
    const isDisk = kind === "vbd" || kind === "vif";
    if (isDisk && plugged && !dom.active.has(key)) return `${key} is plugged and not active`;
  }
  return undefined;
}
