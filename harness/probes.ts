/**
 * Models that are asked the same as real daemons, each loaded when it is asked for.
 *
 * @module
 */
import type { Probe } from "./cli/product.ts";

export const PROBES: Readonly<Record<string, () => Promise<Probe>>> = {
  xenstore: xenstoreProbe,
};

async function xenstoreProbe(): Promise<Probe> {
  const [{ Probe }, { PROBED }, { KNOWN }] = await Promise.all([
    import("./xenstore_probe/mod.ts"),
    import("./adapters/xenstored/probed.ts"),
    import("../suites/known/xenstored_probe.ts"),
  ]);
  return new Probe(PROBED, KNOWN);
}
