/**
 * Package `underhill`: the root of what OpenHCL hands to the host on servicing, from
 * openhcl/underhill_core.
 *
 * @module
 */
import type { Shape, Variants } from "../schema/message.ts";
import { field, message, oneof, variant } from "../schema/message.ts";
import { bool, choice, nested, option, string, tuple, u32, u64, vec } from "../schema/type.ts";
import { OpenhclDmaManagerState } from "./dma.ts";
import {
  EmuplatNetvspSavedState,
  HostPciBridgeSavedState,
  LocalClockSavedState,
  NetworkAdapterIndexSavedState,
} from "./emuplat.ts";
import { Guid } from "./guid.ts";
import { ManaSavedState } from "./mana_driver.ts";
import { NvmeDriverSavedState } from "./nvme_driver.ts";
import { SavedStateUnit } from "./state_unit.ts";
import { VmbusClientSavedState } from "./vmbus_client.ts";
import { SavedBlockStorageMetadata, SavedVmgsState } from "./vmgs.ts";

export const Firmware = oneof("underhill.Firmware", "openhcl/underhill_core/src/servicing.rs", [
  variant(1, "Uefi"),
  variant(2, "Pcat"),
  variant(3, "None"),
]);
export type Firmware = Variants<typeof Firmware>;

/** How flushing the logs went, 500 ms at most; a failure does not fail servicing. */
export const FlushLogsResult = message(
  "underhill.FlushLogsResult",
  "openhcl/underhill_core/src/servicing.rs",
  [
    /** Microseconds. */
    field(1, "duration_us", u64),
    field(2, "error", option(string)),
  ],
);
export type FlushLogsResult = Shape<typeof FlushLogsResult>;

/** A hibernation token, already taken out of the VMGS file. */
export const HibernateSavedState = message(
  "underhill.HibernateSavedState",
  "openhcl/underhill_core/src/servicing.rs",
  [field(1, "token", u64)],
  { since: "1.8.2607" },
);
export type HibernateSavedState = Shape<typeof HibernateSavedState>;

/** One NVMe controller. */
export const NvmeSavedDiskConfig = message(
  "underhill.NvmeSavedDiskConfig",
  "openhcl/underhill_core/src/nvme_manager/save_restore.rs",
  [
    /** Such as `c05b:00:00.0`. */
    field(1, "pci_id", string),
    field(2, "driver_state", nested(NvmeDriverSavedState)),
  ],
  { since: "2505" },
);
export type NvmeSavedDiskConfig = Shape<typeof NvmeSavedDiskConfig>;

export const NvmeManagerSavedState = message(
  "underhill.NvmeManagerSavedState",
  "openhcl/underhill_core/src/nvme_manager/save_restore.rs",
  [
    /** Virtual processors at the time of the save; not checked against the live count. */
    field(1, "cpu_count", u32),
    field(2, "nvme_disks", vec(nested(NvmeSavedDiskConfig))),
  ],
  { since: "2505" },
);
export type NvmeManagerSavedState = Shape<typeof NvmeManagerSavedState>;

export const NvmeSavedState = message(
  "underhill.NvmeSavedState",
  "openhcl/underhill_core/src/servicing.rs",
  [field(1, "nvme_state", nested(NvmeManagerSavedState))],
  { since: "2505" },
);
export type NvmeSavedState = Shape<typeof NvmeSavedState>;

export const EmuplatSavedState = message(
  "underhill.EmuplatSavedState",
  "openhcl/underhill_core/src/servicing.rs",
  [
    field(1, "rtc_local_clock", nested(LocalClockSavedState)),
    field(2, "get_backed_adjust_gpa_range", option(nested(HostPciBridgeSavedState))),
    /** One for each NIC. */
    field(3, "netvsp_state", vec(nested(EmuplatNetvspSavedState))),
    field(4, "network_adapter_index", option(vec(nested(NetworkAdapterIndexSavedState))), {
      since: "1.8.2607",
    }),
  ],
);
export type EmuplatSavedState = Shape<typeof EmuplatSavedState>;

/** What the next instance needs before its state units exist. */
export const ServicingInitState = message(
  "underhill.ServicingInitState",
  "openhcl/underhill_core/src/servicing.rs",
  [
    field(1, "firmware_type", choice(Firmware)),
    /** Hypervisor reference time at which the VM stopped, in units of 100 ns. */
    field(2, "vm_stop_reference_time", u64),
    /** Of the host's request; set after the save. */
    field(3, "correlation_id", option(nested(Guid))),
    field(4, "emuplat", nested(EmuplatSavedState)),
    field(5, "flush_logs_result", option(nested(FlushLogsResult))),
    /** The store and its disk. */
    field(6, "vmgs", tuple(nested(SavedVmgsState), nested(SavedBlockStorageMetadata)), {
      until: "2505",
    }),
    /** The same, or `null` for ephemeral guest state. */
    field(6, "vmgs", option(tuple(nested(SavedVmgsState), nested(SavedBlockStorageMetadata))), {
      since: "1.7.2511",
    }),
    /** Whether the shutdown device of VTL0 was replaced by our own. */
    field(7, "overlay_shutdown_device", bool),
    field(8, "hibernate", option(nested(HibernateSavedState)), { since: "1.8.2607" }),
    /** `null` without keepalive, and also when its save failed. */
    field(10000, "nvme_state", option(nested(NvmeSavedState)), { since: "2505" }),
    /** `null` without keepalive. */
    field(10001, "dma_manager_state", option(nested(OpenhclDmaManagerState)), { since: "2505" }),
    /** On the wire only when there is no unit `vmbus_relay`, whose blob holds it otherwise. */
    field(10002, "vmbus_client", option(nested(VmbusClientSavedState)), { since: "2505" }),
    /** One for each NIC; `null` without keepalive. */
    field(10003, "mana_state", option(vec(nested(ManaSavedState))), { since: "1.7.2511" }),
  ],
);
export type ServicingInitState = Shape<typeof ServicingInitState>;

/** The whole state, as one message to the host. */
export const ServicingState = message(
  "underhill.ServicingState",
  "openhcl/underhill_core/src/servicing.rs",
  [
    field(1, "init_state", nested(ServicingInitState)),
    field(2, "units", vec(nested(SavedStateUnit))),
  ],
);
export type ServicingState = Shape<typeof ServicingState>;
