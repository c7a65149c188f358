/**
 * A served model as an adapter whose rigs and facets answer at once.
 *
 * @module
 */
import type { Adapter } from "../../adapter.ts";
import type { Bridge } from "./bridge.ts";
import { BridgedRig } from "./bridged_rig.ts";
import type { Hello } from "./messages.ts";

/** `described`: what it has said of itself. */
export function bridgedAdapter(
  described: Adapter,
  { name, format = name, capabilities = [] }: Hello,
  bridge: Bridge,
): Adapter {
  const can = new Set(Array.isArray(capabilities) ? (capabilities as readonly string[]) : []);
  let rigs = 0;
  let links = 0;
  const nextName = () => `rig-${++rigs}`;
  return {
    ...described,
    rigsAtOnce: 1,
    rig(settings, seed) {
      const link = ++links;
      bridge.take(link);
      const about = { bridge, implementation: name, format, can, settings, seed, link };
      const deck = { ...about, nextName, users: 0 };
      return Promise.resolve(new BridgedRig(deck, nextName()));
    },
  };
}
