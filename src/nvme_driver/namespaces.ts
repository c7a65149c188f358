/**
 * Namespaces that a driver has handed out, or holds from saved state until somebody asks. Each one
 * that changes is looked at again. Source: microsoft/openvmm, nvme_driver namespace.rs and
 * driver.rs.
 *
 * @module
 */
import { ChainError, refusal } from "../machine/mod.ts";
import { ALL_NAMESPACES, blocksOf, CNS } from "../nvme/mod.ts";
import type { SavedNamespaceData } from "../openhcl_state/mod.ts";
import type { AdminQueue } from "./admin_queue.ts";
import type { DriverContext } from "./driver_context.ts";

/** A namespace as the driver knows it. */
export interface Namespace {
  readonly nsid: number;
  readonly blocks: bigint;
  /** True once the controller has said that it is gone. */
  readonly removed: boolean;
}

interface Held {
  readonly nsid: number;
  blocks: bigint;
  removed: boolean;
  identify: Uint8Array;
  /** `restored` until somebody asks for it; `dropped` when its user has let it go. */
  holder: "restored" | "user" | "dropped";
  /** Looks that are asked for, the one that is under way among them. */
  looks: number;
}

const NAMESPACE = { cdw10: CNS.NAMESPACE };

/** Namespaces of one controller. */
export class Namespaces {
  readonly #context: DriverContext;
  readonly #admin: AdminQueue;
  readonly #held = new Map<number, Held>();

  constructor(context: DriverContext, admin: AdminQueue) {
    this.#context = context;
    this.#admin = admin;
  }

  /** Takes saved namespaces; a release that keeps none ignores them. */
  restore(saved: readonly SavedNamespaceData[]): void {
    if (!this.#context.release.keepsNamespaces) return;
    for (const { nsid, identify_ns: identify, ...rest } of saved) {
      rest satisfies Record<string, never>;
      this.#hold(nsid, identify, "restored");
    }
  }

  /** Hands out a namespace: a restored one once, any other after IDENTIFY. */
  get(nsid: number): Namespace {
    const { keepsNamespaces, looksAgain } = this.#context.release;
    const held = this.#held.get(nsid);
    if (keepsNamespaces && held !== undefined && held.holder !== "dropped") {
      if (held.holder === "user" && !held.removed) {
        throw new ChainError(`duplicate namespace ${nsid}`);
      }
      held.holder = "user";
      return held;
    }
    const fresh = this.#hold(nsid, this.#identify(nsid), "user");
    if (looksAgain) this.#look(fresh);
    return fresh;
  }

  /** The user of `nsid` lets it go. */
  drop(nsid: number): void {
    const held = this.#held.get(nsid);
    if (held !== undefined) held.holder = "dropped";
  }

  /** True when the controller has said that `nsid` is gone. */
  isRemoved(nsid: number): boolean {
    return this.#held.get(nsid)?.removed ?? false;
  }

  /** Namespaces in use and not removed; restored ones that nobody asked for are lost here. */
  save(): SavedNamespaceData[] {
    if (!this.#context.release.keepsNamespaces) return [];
    return [...this.#held.values()]
      .filter(({ holder, removed }) => holder === "user" && !removed)
      .map(({ nsid, identify }) => ({ nsid, identify_ns: identify }));
  }

  /** Namespaces that are known and not removed. */
  list(): Namespace[] {
    return [...this.#held.values()].filter(
      ({ removed, holder }) => !removed && holder !== "dropped",
    );
  }

  /** Looks again at the namespaces that a controller lists as changed. */
  rescan(changed: readonly number[]): void {
    const [first] = changed;
    if (first === undefined) return;
    const all = this.#context.release.rescans === "all" || first === ALL_NAMESPACES;
    for (const held of this.#held.values()) {
      if (all || changed.includes(held.nsid)) this.#look(held);
    }
  }

  #hold(nsid: number, identify: Uint8Array, holder: Held["holder"]): Held {
    const blocks = blocksOf(identify);
    if (blocks === 0n) throw new ChainError("namespace not found");
    const held: Held = { nsid, blocks, removed: false, identify, holder, looks: 0 };
    this.#held.set(nsid, held);
    return held;
  }

  #identify(nsid: number): Uint8Array {
    try {
      return this.#admin.issue("ask", "IDENTIFY", { nsid, ...NAMESPACE }).data;
    } catch (error) {
      throw new ChainError("nvme request failed", refusal(error));
    }
  }

  /** One look at a time; changes meanwhile ask for another. */
  #look(held: Held): void {
    held.looks += 1;
    if (held.looks === 1) this.#ask(held);
  }

  #ask(held: Held): void {
    const { nsid } = held;
    this.#admin.ask("IDENTIFY", { nsid, ...NAMESPACE }, ({ error, data }) => {
      if (error === null) update(held, data);
      else {
        this.#context.environment.log.warn(
          `failed to query namespace during rescan nsid=${nsid}: ${error.message}`,
        );
      }
      held.looks -= 1;
      if (held.looks > 0) this.#ask(held);
    });
  }
}

function update(held: Held, identify: Uint8Array): void {
  held.identify = identify;
  const blocks = blocksOf(identify);
  if (blocks === 0n) held.removed = true;
  else held.blocks = blocks;
}
