/**
 * The hops of a space. Each is one object, so that what is known of one is known by its identity.
 *
 * @module
 */
import type { Axis, Inputs, Space } from "./axis.ts";
import type { Hop } from "./path.ts";

const hopsOfSpaces = new WeakMap<Space, Map<string, Map<Inputs, Hop>>>();

/** Configurations whose axes are all at their neutral value, of those that have one. */
export function usualConfigurations({ axes, configurations }: Space): readonly Inputs[] {
  return configurations.filter((inputs) => oddAxes(axes, inputs).length === 0);
}

/** The axes that are not at their neutral value in a configuration. */
export function oddAxes(axes: readonly Axis[], inputs: Inputs): readonly Axis[] {
  return axes.filter(
    ({ name, neutral }) => neutral !== undefined && (inputs[name] ?? neutral) !== neutral,
  );
}

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
