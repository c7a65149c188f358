/**
 * What the adapter knows of the model of XenStore: how it is run within this process, and by which
 * command in one of its own.
 *
 * @module
 */
export interface Reference {
  /** Command that serves in a process of its own; its options follow. */
  command(): Promise<readonly string[]>;
  /** Why connections cannot be taken over from another process here. */
  readonly whyNotInherit: string | undefined;
  /** Serves within this process. */
  host(options: {
    readonly socket: string;
    readonly rings: string;
    readonly profile: string;
    /** The model has saved its state and does nothing more. */
    readonly left: (left: LeftByModel) => void;
  }): Promise<{ stop(): Promise<void> }>;
}

/** What the model has left. */
export interface LeftByModel {
  /** Names descriptors of this process. */
  readonly state: Uint8Array;
  /** Those descriptors, which a successor in another process must have by the same numbers. */
  readonly descriptors: readonly number[];
  /** Another process has them. */
  letGo(): void;
  /** The model goes on as `profile` from `state`; throws when it refuses it. */
  goOn(profile: string, state: Uint8Array): void;
}
