/**
 * What is served, and what it says of itself.
 *
 * @module
 */
import type { Adapter } from "../../adapter.ts";
import type { Space } from "../../axis.ts";
import type { Contents } from "../../facets/codec.ts";
import { hopOf } from "../../hops.ts";
import { coreSettings } from "../../matrix.ts";
import type { Hello } from "./messages.ts";

export interface Served {
  readonly adapter: Adapter;
  readonly space: Space;
  readonly codec: string;
  readonly contents?: Contents | undefined;
}

export async function helloOf({ adapter, space, codec, contents }: Served): Promise<Hello> {
  const rig = await adapter.rig(coreSettings(space)[0] ?? {}, 0);
  const abilities = (["fork", "struck"] as const).filter((it) => rig[it] !== undefined);
  await rig[Symbol.asyncDispose]();
  const facets = new Set<string>();
  for (const release of space.releases) {
    for (const inputs of space.configurations) {
      for (const settings of coreSettings(space)) {
        for (const name of adapter.capabilities(hopOf(space, release, inputs), settings)) {
          if (!name.includes(".")) facets.add(name);
        }
      }
    }
  }
  const axes = space.axes.map(({ name, values, per, neutral, meaning }) => {
    return { name, values, per, meaning, ...(neutral === undefined ? {} : { neutral }) };
  });
  const all = ["save", "restore", "codec"] as const;
  const roles = Object.fromEntries(space.releases.map((release) => [release, all]));
  return {
    ...(contents === undefined ? {} : { roles }),
    protocol: 1,
    name: space.implementation,
    releases: space.releases,
    facets: [...facets],
    capabilities: ["rigs", ...abilities.map((it) => `rigs.${it}`)],
    format: codec,
    axes,
  };
}
