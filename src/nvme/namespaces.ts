/**
 * Namespaces that a driver has handed out, or holds from saved state until somebody asks. Source:
 * microsoft/openvmm, nvme_driver namespace.rs and driver.rs; facts/openhcl/semantics.md.
 *
 * @module
 */
import { ChainError, refusal } from "../machine/mod.ts";
import type { SavedNamespaceData } from "../openhcl_state/mod.ts";
import { ALL_NAMESPACES } from "./admin_commands.ts";
import type { AdminQueue } from "./admin_queue.ts";
import type { DriverContext } from "./driver_context.ts";
import { blocksOf } from "./identify.ts";

/** A namespace as the driver knows it. */
export interface Namespace {
  readonly nsid: number;
  readonly blocks: bigint;
  /** True once the controller has said that it is gone. */
  readonly removed: boolean;
}

interface Held {
  nsid: number;
  blocks: bigint;
  removed: boolean;
  identify: Uint8Array;
  /** `restored` until somebody asks for it; `dropped` when its user has let it go. */
  holder: "restored" | "user" | "dropped";
}

/** Namespaces of one controller. */
export class Namespaces {
  readonly #context: DriverContext;
  readonly #admin: AdminQueue;
  readonly #held = new Map<number, Held>();

  constructor(context: DriverContext, admin: AdminQueue) {
    this.#context = context;
    this.#admin = admin;
    admin.onChanged = (nsids) => this.#rescan(nsids);
  }

  /** Takes saved namespaces; a release that keeps none ignores them. */
  restore(saved: readonly SavedNamespaceData[]): void {
    if (!this.#context.release.keepsNamespaces) return;
    for (const { nsid, identify_ns: identify, ...rest } of saved) {
      rest satisfies Record<string, never>;
      const blocks = checkIdentify(identify);
      this.#held.set(nsid, { nsid, blocks, removed: false, identify, holder: "restored" });
    }
  }

  /** Hands out a namespace: a restored one once, any other after IDENTIFY. */
  get(nsid: number): Namespace {
    const held = this.#held.get(nsid);
    if (this.#context.release.keepsNamespaces && held !== undefined && held.holder !== "dropped") {
      if (held.holder === "user" && !held.removed) {
        throw new ChainError(`duplicate namespace ${nsid}`);
      }
      held.holder = "user";
      return held;
    }
    const identify = this.#identify(nsid);
    const blocks = checkIdentify(identify);
    const fresh: Held = { nsid, blocks, removed: false, identify, holder: "user" };
    this.#held.set(nsid, fresh);
    return fresh;
  }

  /** The user of `nsid` lets it go. */
  drop(nsid: number): void {
    const held = this.#held.get(nsid);
    if (held !== undefined) held.holder = "dropped";
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

  #identify(nsid: number): Uint8Array {
    try {
      return this.#admin.issue("IDENTIFY", { nsid }).data ?? new Uint8Array();
    } catch (error) {
      throw new ChainError("nvme request failed", refusal(error));
    }
  }

  #rescan(changed: readonly number[]): void {
    if (changed.length === 0) return;
    const all = this.#context.release.rescans === "all" || changed[0] === ALL_NAMESPACES;
    for (const held of this.#held.values()) {
      if (held.removed || !(all || changed.includes(held.nsid))) continue;
      this.#look(held);
    }
  }

  #look(held: Held): void {
    const { log } = this.#context.environment;
    try {
      held.identify = this.#identify(held.nsid);
    } catch (error) {
      log.warn(
        `failed to query namespace during rescan nsid=${held.nsid}: ${refusal(error).message}`,
      );
      return;
    }
    const blocks = blocksOf(held.identify);
    if (blocks === 0n) held.removed = true;
    else held.blocks = blocks;
  }
}

/** Blocks of a namespace that exists. */
function checkIdentify(identify: Uint8Array): bigint {
  const blocks = blocksOf(identify);
  if (blocks === 0n) throw new ChainError("namespace not found");
  return blocks;
}
