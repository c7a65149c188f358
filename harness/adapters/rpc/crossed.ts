/**
 * Several adapters as one implementation, whose releases are those of all: what one saves, another
 * one restores, where both declare the same format of saved states.
 *
 * @module
 */
import type { Adapter, Rig, RunningMachine, SavedState } from "../../adapter.ts";
import type { Axis, Space } from "../../axis.ts";
import type { Condition } from "../../condition.ts";
import type { Hop } from "../../path.ts";
import { ProtocolError } from "./answer.ts";

/** One of them. */
export interface Part {
  readonly adapter: Adapter;
  readonly space: Space;
  readonly format: string;
}

/** What separates the name of a part and a release of it. */
const SEPARATOR = "-";

export function crossed(parts: Readonly<Record<string, Part>>): Part {
  const names = Object.keys(parts);
  const space = spaceOf(parts, names.join("+"));
  return {
    adapter: adapterOf(parts, space),
    space,
    // Which one a state has is decided by its writer.
    format: [...new Set(Object.values(parts).map(({ format }) => format))].join("+"),
  };
}

function spaceOf(parts: Readonly<Record<string, Part>>, implementation: string): Space {
  const axes = new Map<string, Axis>();
  for (const { space } of Object.values(parts)) {
    for (const axis of space.axes) {
      const known = axes.get(axis.name) ?? axis;
      if (JSON.stringify(known) !== JSON.stringify(axis)) {
        throw new ProtocolError(`adapters that are crossed must agree on the axis ${axis.name}`);
      }
      axes.set(axis.name, axis);
    }
  }
  const hops = [...axes.values()].filter(({ per }) => per === "hop");
  let configurations: Record<string, string>[] = [{}];
  for (const { name, values } of hops) {
    configurations = configurations.flatMap((row) =>
      values.map((value) => ({ ...row, [name]: value })),
    );
  }
  const releases = Object.entries(parts).flatMap(([name, { space }]) =>
    space.releases.map((release) => `${name}${SEPARATOR}${release}`),
  );
  return { implementation, releases, axes: [...axes.values()], configurations, constraints: [] };
}

function adapterOf(parts: Readonly<Record<string, Part>>, space: Space): Adapter {
  const all = Object.values(parts).map(({ adapter }) => adapter);
  const partOf = (release: string) => partNamed(parts, release);
  return {
    implementation: space.implementation,
    releases: space.releases,
    rigsAtOnce: Math.max(...all.map(({ rigsAtOnce = 1 }) => rigsAtOnce)),
    deadlineMs: Math.max(...all.map(({ deadlineMs = 0 }) => deadlineMs)),
    absent(release) {
      const { part, own } = partOf(release);
      return part.adapter.absent?.(own);
    },
    capabilities(hop, settings) {
      const { part, own } = partOf(hop.release);
      return part.adapter.capabilities({ ...hop, release: own }, settings);
    },
    lacksAfter(before, hop) {
      const [writer, reader] = [partOf(before.release), partOf(hop.release)];
      const { format } = writer.part;
      if (format !== reader.part.format) return `the format ${format}, which ${before.release} has`;
      const [one, other] = [
        { ...before, release: writer.own },
        { ...hop, release: reader.own },
      ];
      if (writer.name === reader.name) return writer.part.adapter.lacksAfter?.(one, other);
      // Each is asked about its own side: one may only write, and another one only read.
      return (
        writer.part.adapter.lacksAfter?.(one, hop) ??
        reader.part.adapter.lacksAfter?.(before, other)
      );
    },
    rig: (settings, seed) => Promise.resolve(new CrossedRig(parts, space, settings, seed)),
  };
}

interface Found {
  readonly name: string;
  readonly part: Part;
  /** The release as its adapter has it. */
  readonly own: string;
}

function partNamed(parts: Readonly<Record<string, Part>>, release: string): Found {
  for (const [name, part] of Object.entries(parts)) {
    const own = release.slice(name.length + SEPARATOR.length);
    if (release === `${name}${SEPARATOR}${own}` && part.space.releases.includes(own)) {
      return { name, part, own };
    }
  }
  throw new ProtocolError(`there is no release ${release}`);
}

/** Rigs of the adapters that are met on the way. */
class CrossedRig implements Rig {
  readonly #parts: Readonly<Record<string, Part>>;
  readonly #space: Space;
  readonly #settings: Condition["settings"];
  readonly #seed: number;
  readonly #rigs = new Map<Part, Rig>();

  constructor(
    parts: Readonly<Record<string, Part>>,
    space: Space,
    settings: Condition["settings"],
    seed: number,
  ) {
    this.#parts = parts;
    this.#space = space;
    this.#settings = settings;
    this.#seed = seed;
  }

  async start(hop: Hop): Promise<RunningMachine> {
    const found = partNamed(this.#parts, hop.release);
    const rig = await this.#rigOf(found.part);
    return this.#running(await rig.start({ ...hop, release: found.own }), found);
  }

  async restore(hop: Hop, state: SavedState): Promise<RunningMachine> {
    const found = partNamed(this.#parts, hop.release);
    const { part, own } = partNamed(this.#parts, state.writer.release);
    const writer = { implementation: part.space.implementation, release: own };
    const rig = await this.#rigOf(found.part);
    const restored = await rig.restore({ ...hop, release: found.own }, { ...state, writer });
    return this.#running(restored, found);
  }

  waited(): boolean {
    return this.#rigs.values().some((rig) => rig.waited?.() === true);
  }

  /** Where the first of them that wrote something keeps it. */
  kept(): string | undefined {
    return this.#rigs
      .values()
      .map((rig) => rig.kept?.())
      .find((path) => path !== undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ends = this.#rigs.values().map((rig) => rig[Symbol.asyncDispose]());
    const failed = (await Promise.allSettled(ends)).find(({ status }) => status === "rejected");
    if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
  }

  async #rigOf({ adapter }: Part): Promise<Rig> {
    const part = Object.values(this.#parts).find((it) => it.adapter === adapter) as Part;
    const known = this.#rigs.get(part);
    if (known !== undefined) return known;
    const rig = await adapter.rig(this.#settings, this.#seed);
    this.#rigs.set(part, rig);
    return rig;
  }

  #running(machine: RunningMachine, { name }: Found): RunningMachine {
    const release = `${name}${SEPARATOR}${machine.release}`;
    const { implementation } = this.#space;
    return {
      ...machine,
      release,
      async save(request) {
        const saved = await machine.save(request);
        return { ...saved, writer: { implementation, release } };
      },
      [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
    };
  }
}
