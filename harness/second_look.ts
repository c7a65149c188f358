/**
 * Looks at an edge for a second time, on copies of the rig: the same state restored again, the old
 * side started again after a failure, and the way past a hop in between. Only what some oracle
 * wants is looked at, and nothing of it touches the machine that goes along the path.
 *
 * @module
 */
import type { Rig, RunningMachine, SavedState, SaveRequest } from "./adapter.ts";
import { DONE, Inquiry } from "./inquiry.ts";
import type { Again, Edge, Wanted } from "./oracle.ts";
import { adapterFault } from "./outcome.ts";
import type { Hop } from "./path.ts";
import { devicesOf, guestSightOf, type Sight, sightOf } from "./sight.ts";
import type { Watchdog } from "./watchdog.ts";

/** What a second look adds to an edge. */
export type Seen = Pick<Edge, "found" | "again" | "fallback" | "detour">;

/** An edge whose state was saved. */
interface SavedEdge extends Pick<Edge, "condition" | "index" | "writer" | "reader"> {
  readonly saved: SavedState;
  /** What a second save is asked for. */
  next(): SaveRequest;
}

/** A state that can still be restored on hardware that is as its writer left it. */
interface Waiting {
  readonly rig: Rig;
  readonly saved: SavedState;
}

export class SecondLook {
  readonly #inquiry: Inquiry;
  readonly #wants: ReadonlySet<Wanted>;
  /** As the writer of the current edge has left it. */
  #spare: Rig | undefined;
  /** States of the first and of the second save of a machine whose guest never went on. */
  #first: Waiting | undefined;
  #second: Waiting | undefined;

  constructor(watchdog: Watchdog, wants: ReadonlySet<Wanted>) {
    this.#inquiry = new Inquiry(watchdog);
    this.#wants = wants;
  }

  /** Before a restore on `rig`. */
  async prepare(rig: Rig, { condition, index, saved }: SavedEdge): Promise<void> {
    if (this.#spare !== undefined) await this.#inquiry.disposeRig(this.#spare);
    this.#spare = this.#wants.has("again") ? rig.fork?.() : undefined;
    const detours = this.#wants.has("detour") && index === 0 && condition.path.length > 2;
    const copy = detours ? rig.fork?.() : undefined;
    if (copy !== undefined) this.#first = { rig: copy, saved };
  }

  /** Right after a restore that went well, before the guest goes on. */
  async after(restored: RunningMachine, edge: SavedEdge): Promise<Seen> {
    const found = this.#found(restored);
    const detour = edge.index === 1 ? await this.#detour(edge) : undefined;
    const again = await this.#again(edge);
    return {
      ...(found === undefined ? {} : { found }),
      ...(again === undefined ? {} : { again }),
      ...(detour === undefined ? {} : { detour }),
    };
  }

  /** After a restore on `rig` that failed. */
  async afterFailure(rig: Rig, { writer, saved }: SavedEdge): Promise<Seen> {
    if (!this.#wants.has("fallback")) return {};
    const { restore } = await this.#look(rig, writer, saved, sightOf);
    return { fallback: restore };
  }

  async end(): Promise<void> {
    for (const rig of [this.#spare, this.#first?.rig, this.#second?.rig]) {
      if (rig !== undefined) await this.#inquiry.disposeRig(rig);
    }
  }

  /** All of it only where it is compared with another sight. */
  #found(restored: RunningMachine): Sight | undefined {
    if (this.#spare !== undefined) return seenOf(restored, sightOf);
    return this.#wants.has("found") ? seenOf(restored, devicesOf) : undefined;
  }

  async #again({ index, reader, saved, next }: SavedEdge): Promise<Again | undefined> {
    const spare = this.#spare;
    if (spare === undefined) return undefined;
    const again = await this.#look(spare, reader, saved, sightOf, next());
    if (index === 0 && again.resaved !== undefined && this.#first !== undefined) {
      this.#second = { rig: spare, saved: again.resaved };
      this.#spare = undefined;
    }
    return again;
  }

  async #detour({ reader }: SavedEdge): Promise<Edge["detour"]> {
    const [first, second] = [this.#first, this.#second];
    if (first === undefined || second === undefined) return undefined;
    return {
      direct: await this.#look(first.rig, reader, first.saved, guestSightOf),
      round: await this.#look(second.rig, reader, second.saved, guestSightOf),
    };
  }

  /** Restores `saved`, looks, and has it saved again. The guest does not go on in between. */
  async #look(
    rig: Rig,
    hop: Hop,
    saved: SavedState,
    look: (machine: RunningMachine) => Sight,
    request?: SaveRequest,
  ): Promise<Again> {
    const restored = await this.#inquiry.restore(rig, hop, saved);
    if (!("release" in restored)) return { restore: restored };
    try {
      const sight = seenOf(restored, look);
      if (request === undefined) return { restore: DONE, sight };
      const resaved = await this.#inquiry.save(restored, hop, request);
      if (!("bytes" in resaved)) return { restore: DONE, sight, save: resaved };
      return { restore: DONE, sight, save: DONE, resaved };
    } finally {
      await this.#inquiry.dispose(restored);
    }
  }
}

/** A machine that has come up can be looked at; an adapter that cannot is broken. */
function seenOf(machine: RunningMachine, look: (machine: RunningMachine) => Sight): Sight {
  try {
    return look(machine);
  } catch (error) {
    throw adapterFault(error, `look at ${machine.release}`);
  }
}
