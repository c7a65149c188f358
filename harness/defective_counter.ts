/**
 * The counter machine with defects that it can be given, for tests: it forgets its count, or does
 * nothing at all.
 *
 * @module
 */
import type { Adapter, Rig, SavedState } from "./adapter.ts";
import type { Space } from "./axis.ts";
import { counterAdapter, counterSpace } from "./counter_machine.ts";
import { DEFECT_AXIS, type Defect } from "./defect.ts";
import type { Hop } from "./path.ts";

const LINK = "https://example.com/counter/pull";

export const counterDefects: readonly Defect[] = [
  {
    name: "forgets",
    link: `${LINK}/7`,
    meaning: "A count is zero after a restore.",
    fields: [{ values: { size: ["small", "large"] } }],
    cause: /is 0$/,
  },
  {
    name: "sleeps",
    link: `${LINK}/sleep`,
    meaning: "Nothing goes wrong.",
    fields: [{ writers: ["2"], hops: [{ mode: "down" }, {}, {}] }],
    cause: /./,
  },
];

export const defectiveSpace: Space = {
  ...counterSpace,
  axes: [
    ...counterSpace.axes,
    {
      name: DEFECT_AXIS,
      per: "path",
      values: ["none", ...counterDefects.map(({ name }) => name)],
      neutral: "none",
      onDemand: true,
      meaning: "What is wrong with the counter",
    },
  ],
};

export function defectiveAdapter(): Adapter {
  const adapter = counterAdapter();
  return {
    ...adapter,
    async rig(settings, seed) {
      const rig = await adapter.rig(settings, seed);
      return settings[DEFECT_AXIS] === "forgets" ? new ForgetfulRig(rig) : rig;
    },
  };
}

class ForgetfulRig implements Rig {
  readonly #rig: Rig;

  constructor(rig: Rig) {
    this.#rig = rig;
  }

  start(hop: Hop): ReturnType<Rig["start"]> {
    return this.#rig.start(hop);
  }

  restore(hop: Hop, state: SavedState): ReturnType<Rig["restore"]> {
    return this.#rig.restore(hop, { ...state, bytes: new TextEncoder().encode("0") });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.#rig[Symbol.asyncDispose]());
  }
}
