/** What there is of a VM in the hypervisor, and of its storage. */
import type { VmState } from "../xenops_interface/mod.ts";
import type { Marker } from "./operation.ts";

export type DeviceKind = "vbd" | "vif" | "pci" | "vgpu" | "vusb";

export interface Frontend {
  readonly kind: DeviceKind;
  readonly dev: string;
  plugged: boolean;
  /** Counts what was plugged into the domain: the order of plugging. */
  readonly order: number;
}

/** Why a domain has ended: power off, reboot, suspend, crash, watchdog, soft reset. */
export type ShutdownCode = 0 | 1 | 2 | 3 | 4 | 5;

/** A domain. It is changed through `Hypervisor` only, which tells about it. */
export interface Dom {
  readonly domid: number;
  uuid: string;
  readonly hvm: boolean;
  paused: boolean;
  built: boolean;
  /** It has a device model. */
  dm: boolean;
  /** What to do with it when it is found; of one that is being made or ended. */
  marker: Marker | undefined;
  shutdown: ShutdownCode | undefined;
  /** By `KIND:DEVICE`. */
  readonly frontends: Map<string, Frontend>;
  /** Devices that are meant to be plugged. */
  readonly active: Set<string>;
  consoles: VmState["consoles"];
  memory_target: bigint;
  memory_actual: bigint;
  memory_limit: bigint;
  vcpus: number;
  shadow_multiplier: number;
  xsdata: readonly (readonly [string, string])[];
  /** What the guest has written into its memory: the same after it has been resumed elsewhere. */
  guestRam: Uint8Array;
  /** What the firmware, the TPM and the device model hold, of guests that have them. */
  nvram: Uint8Array | undefined;
  tpm: Uint8Array | undefined;
  qemu: Uint8Array | undefined;
  /** Device id and revision of the PV platform device, which the guest's drivers are bound to. */
  readonly platformDevice: readonly [number, number];
  readonly createdAtMs: number;
  plugCount: number;
}

export type DomChange =
  | "created"
  | "destroyed"
  | "renamed"
  | "state"
  | "marker"
  | "device"
  | "active";

/** What a VM holds of a disk. */
export interface Storage {
  vm: string;
  readonly dev: string;
  /** The disk; undefined is an empty drive. */
  readonly backend: string | undefined;
  readonly mode: "ReadWrite" | "ReadOnly";
  attached: boolean;
  activated: boolean;
  epoch: boolean;
}

export type StorageChange = "attach" | "activate" | "deactivate" | "detach" | "epoch" | "renamed";
