/**
 * What a hop can do: its facets, and keepalive where it is in force.
 *
 * @module
 */
import { keepaliveInForce, releaseNamed } from "../../../src/openhcl/mod.ts";
import type { FacetName } from "../../facets/machine.ts";
import type { Hop } from "../../path.ts";
import { flagsOf } from "./request.ts";
import { hasMana, hasNvme, inputsOf, type Settings } from "./settings.ts";

/** Facets that every machine has. */
const USUAL: readonly FacetName[] = [
  "dma",
  "guest",
  "guestState",
  "lifecycle",
  "observe",
  "recall",
  "servicing",
  "units",
  "vmbus",
];

/** By all that they depend on; few, since the axes are. */
const known = new Map<string, ReadonlySet<string>>();

export function capabilitiesOf(hop: Hop, settings: Settings): ReadonlySet<string> {
  const { host, pool, mana } = hop.inputs;
  const { devices, request } = settings;
  const key = [hop.release, host, pool, mana, devices, request].join(" ");
  const capabilities = known.get(key) ?? capabilitiesAsked(hop, settings);
  known.set(key, capabilities);
  return capabilities;
}

function capabilitiesAsked(hop: Hop, settings: Settings): ReadonlySet<string> {
  const release = releaseNamed(hop.release);
  const capabilities = new Set<string>(USUAL);
  const alive = keepaliveInForce(release, inputsOf(hop, settings), flagsOf(settings));
  if (hasNvme(settings)) {
    capabilities.add("nvme");
    if (alive.nvme) capabilities.add("nvme.keepalive");
  }
  if (hasMana(settings)) {
    capabilities.add("nic");
    if (alive.mana) capabilities.add("mana.keepalive");
  }
  return capabilities;
}
