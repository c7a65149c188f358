/**
 * What a bus for unit tests is made of, and what of it is saved.
 *
 * @module
 */
import type {
  VmbusClientSavedState,
  VmbusRelaySavedState,
  VmbusServerSavedState,
} from "../openhcl_state/mod.ts";
import type {
  ClientRules,
  RingDevice,
  ServerRules,
  VmbusClient,
  VmbusRelay,
  VmbusServer,
} from "../vmbus/mod.ts";

/** What the middle part has saved, and whether the devices have their channels open. */
export interface SavedBus {
  readonly server: VmbusServerSavedState;
  readonly client: VmbusClientSavedState | null;
  readonly relay: VmbusRelaySavedState | null;
  readonly open: readonly boolean[];
}

/** The middle part: what a release of OpenHCL is. */
export interface Middle {
  readonly server: VmbusServer;
  readonly client: VmbusClient | null;
  readonly relay: VmbusRelay | null;
  readonly devices: ReadonlyMap<string, RingDevice>;
}

export interface BusOptions {
  readonly relayed?: boolean;
  /** GPADL ids of each channel; an empty list for one that stays closed. */
  readonly channels?: readonly (readonly number[])[];
  readonly server?: Partial<ServerRules>;
  readonly client?: Partial<ClientRules>;
  /** Features of the host's bus. */
  readonly hostFeatures?: number;
}
