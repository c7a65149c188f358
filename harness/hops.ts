/**
 * The hops of a space. Each is one object, so that what is known of one is known by its identity.
 *
 * @module
 */
import type { Space } from "./axis.ts";
import type { Hop } from "./path.ts";

type Inputs = Hop["inputs"];

const hopsOfSpaces = new WeakMap<Space, Map<string, Map<Inputs, Hop>>>();

/** The hop of `space` that starts `release` with `inputs`, one of its configurations. */
export function hopOf(space: Space, release: string, inputs: Inputs): Hop {
  const ofSpace = hopsOfSpaces.get(space) ?? new Map<string, Map<Inputs, Hop>>();
  hopsOfSpaces.set(space, ofSpace);
  const ofRelease = ofSpace.get(release) ?? new Map<Inputs, Hop>();
  ofSpace.set(release, ofRelease);
  const hop = ofRelease.get(inputs) ?? { implementation: space.implementation, release, inputs };
  ofRelease.set(inputs, hop);
  return hop;
}
