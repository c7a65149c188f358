/**
 * A whole machine as its monitor hands it over: one stream with the state of every device.
 *
 * @module
 */
export interface Migration {
  /** The stream that the machine was loaded from; undefined before the first load. */
  readonly given: Uint8Array | undefined;
  /** What the monitor says that the machine is at, such as `paused`. */
  status(): Promise<string>;
  /** Has the machine saved once more, and stay as it is. */
  again(): Promise<SavedAgain>;
  /**
   * The stream of another machine like the one that `given` is of, which was not migrated: what it
   * has otherwise no load is to blame for. Undefined where there is none to compare with.
   */
  control?(): Promise<Uint8Array | undefined>;
  /** Devices that were asked for, besides what every machine of the type has. */
  added(): Promise<AddedDevices>;
}

/** The stream, or why there is none. */
export type SavedAgain = { readonly stream: Uint8Array } | { readonly reason: string };

export interface AddedDevices {
  readonly devices: readonly AddedDevice[];
  /** Sections of a machine without them, by name. */
  readonly bare: readonly string[];
}

export interface AddedDevice {
  readonly type: string;
  /** Slot and function on its bus, such as `02.0`; null for what is on no such bus. */
  readonly address: string | null;
  /** True for what sits on a bus of another added device, which may save both. */
  readonly carried: boolean;
}
