/**
 * A machine is a set of facets. An adapter offers those that it has; a scenario names those that
 * it needs, and gets them.
 *
 * @module
 */

import type { Agreeing } from "./agreeing.ts";
import type { Board } from "./board.ts";
import type { Codec } from "./codec.ts";
import type { Counting } from "./counting.ts";
import type { Dma } from "./dma.ts";
import type { Guest } from "./guest.ts";
import type { GuestState } from "./guest_state.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Migration } from "./migration.ts";
import type { Nic } from "./nic.ts";
import type { Nvme } from "./nvme.ts";
import type { Observe } from "./observe.ts";
import type { Recall } from "./recall.ts";
import type { Servicing } from "./servicing.ts";
import type { Toolstack } from "./toolstack.ts";
import type { Units } from "./units.ts";
import type { Vmbus } from "./vmbus.ts";
import type { Xenstore } from "./xenstore.ts";

/** Every facet by its name, which is also the name of the capability. */
export interface Facets {
  readonly agreeing: Agreeing;
  readonly codec: Codec;
  readonly counting: Counting;
  readonly board: Board;
  readonly dma: Dma;
  readonly guest: Guest;
  readonly guestState: GuestState;
  readonly lifecycle: Lifecycle;
  readonly migration: Migration;
  readonly nic: Nic;
  readonly nvme: Nvme;
  readonly observe: Observe;
  readonly recall: Recall;
  readonly servicing: Servicing;
  readonly toolstack: Toolstack;
  readonly units: Units;
  readonly vmbus: Vmbus;
  readonly xenstore: Xenstore;
}

export type FacetName = keyof Facets;

/** A machine that has at least the facets `N`. */
export type Machine<N extends FacetName = never> = Partial<Facets> & Pick<Facets, N>;
