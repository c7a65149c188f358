/**
 * What is queued, and what it is made of: operations are decomposed into atoms, which are leaves
 * or groups of atoms.
 *
 * Source: xen-api e2ee48d688, ocaml/xenopsd/lib/xenops_server.ml, `atomic` and `operation`.
 *
 * @module
 */
import type { Disk, PciAddress, Vif } from "../xenops_interface/mod.ts";

import type { Channel } from "./channel.ts";
import type { Cookies } from "./peer.ts";

/** How a domain is asked to end. */
export type ShutdownReason = "PowerOff" | "Reboot" | "Suspend" | "S3Suspend";

/** What is to be done with a domain that is found with this marker. */
export type Marker = "poweroff" | "reboot";

interface OfVm {
  readonly vm: string;
  /** Which of the operation's leaves it is; set when the operation begins. */
  n?: number;
}
interface OfDevice extends OfVm {
  readonly dev: string;
}

export type VmLeaf = OfVm &
  (
    | { readonly a: "VM_hook_script"; readonly hook: string; readonly reason: string }
    | { readonly a: "VM_destroy_device_model" | "VM_destroy" }
    | { readonly a: "VM_create"; readonly resume: boolean }
    | { readonly a: "VM_pause" | "VM_unpause" | "VM_softreboot" }
    | { readonly a: "VM_build"; readonly force: boolean }
    | { readonly a: "VM_create_device_model"; readonly saveState: boolean }
    | { readonly a: "VM_set_domain_action_request"; readonly request: Marker | undefined }
    | {
        readonly a: "VM_shutdown_domain";
        readonly reason: ShutdownReason;
        readonly timeout: number;
      }
    | { readonly a: "VM_delay"; readonly seconds: number }
    /** To a disk and from one, or by a connection between two hosts. */
    | { readonly a: "VM_save" | "VM_restore"; readonly disk: Disk | Channel }
    | { readonly a: "VM_rename"; readonly to: string }
    | { readonly a: "VM_set_xsdata"; readonly xsdata: readonly (readonly [string, string])[] }
    | { readonly a: "VM_set_vcpus"; readonly vcpus: number }
    | { readonly a: "VM_set_shadow_multiplier"; readonly multiplier: number }
    | {
        readonly a: "VM_set_memory_dynamic_range";
        readonly minimum: bigint;
        readonly maximum: bigint;
      }
    | { readonly a: "VM_request_rdp"; readonly enabled: boolean }
    | { readonly a: "VM_run_script"; readonly script: string }
    | { readonly a: "VM_s3suspend" | "VM_s3resume" | "VM_fast_resume" }
    | { readonly a: "PCI_dequarantine"; readonly address: PciAddress }
  );

export type DeviceLeaf = OfDevice &
  (
    | {
        readonly a: "VBD_set_active" | "VIF_set_active" | "VGPU_set_active";
        readonly active: boolean;
      }
    | { readonly a: "VBD_epoch_begin" | "VBD_epoch_end" | "VBD_plug" | "VIF_plug" | "VUSB_plug" }
    | { readonly a: "VBD_unplug" | "VIF_unplug"; readonly force: boolean }
    | { readonly a: "VBD_insert"; readonly disk: Disk }
    | { readonly a: "VBD_eject" | "VBD_set_qos" | "PCI_unplug" | "VUSB_unplug" | "VGPU_start" }
    | { readonly a: "PCI_plug"; readonly qmp: boolean }
    | { readonly a: "VIF_move"; readonly network: Vif["backend"] }
    | { readonly a: "VIF_set_carrier"; readonly carrier: boolean }
    | { readonly a: "VIF_set_locking_mode"; readonly mode: Vif["locking_mode"] }
    | {
        readonly a: "VIF_set_ipv4_configuration";
        readonly configuration: Vif["ipv4_configuration"];
      }
    | {
        readonly a: "VIF_set_ipv6_configuration";
        readonly configuration: Vif["ipv6_configuration"];
      }
    | { readonly a: "VIF_set_pvs_proxy"; readonly proxy: Vif["pvs_proxy"] }
    | { readonly a: "VIF_set_trunks"; readonly trunks: readonly bigint[] }
  );

export type Leaf = VmLeaf | DeviceLeaf;

/** Chunks of it run side by side, in the pool for it; all run, even if one fails. */
export interface Side {
  readonly side: "Parallel" | "Nested_parallel";
  readonly vm: string;
  readonly what: string;
  readonly atoms: readonly Atomic[];
}
export interface Serial {
  readonly serial: readonly Atomic[];
}
export interface BestEffort {
  readonly best: Atomic;
}
export type Atomic = Leaf | Side | Serial | BestEffort;

export type CheckState =
  | { readonly o: "VM_check_state"; readonly vm: string }
  | {
      readonly o: "VBD_check_state" | "VIF_check_state" | "PCI_check_state" | "VUSB_check_state";
      readonly vm: string;
      readonly dev: string;
    };

export interface Migrate {
  readonly o: "VM_migrate";
  readonly vm: string;
  readonly vdi_map: readonly (readonly [string, string])[];
  readonly vif_map: readonly (readonly [string, Vif["backend"]])[];
  readonly pci_map: readonly (readonly [string, PciAddress])[];
  readonly url: string;
  readonly compress: boolean;
}

export interface ReceiveMemory {
  readonly o: "VM_receive_memory";
  readonly vm: string;
  readonly final: string;
  readonly cookies: Cookies;
  readonly channel: Channel;
}

export type Operation =
  | Migrate
  | ReceiveMemory
  | CheckState
  | { readonly o: "VM_start"; readonly vm: string; readonly force: boolean }
  | {
      readonly o: "VM_poweroff" | "VM_shutdown" | "VM_reboot";
      readonly vm: string;
      readonly delay: number | undefined;
    }
  | { readonly o: "VM_suspend" | "VM_resume"; readonly vm: string; readonly disk: Disk }
  | { readonly o: "VM_restore_devices"; readonly vm: string; readonly migration: boolean }
  | { readonly o: "VM_remove"; readonly vm: string }
  | { readonly o: "VM_import_metadata"; readonly vm: string; readonly metadata: string }
  | {
      readonly o: "VBD_hotplug" | "VIF_hotplug" | "VUSB_hotplug" | "VUSB_hotunplug";
      readonly vm: string;
      readonly dev: string;
    }
  | {
      readonly o: "VBD_hotunplug" | "VIF_hotunplug";
      readonly vm: string;
      readonly dev: string;
      readonly force: boolean;
    }
  | { readonly o: "Atomic"; readonly vm: string; readonly atom: Atomic };
