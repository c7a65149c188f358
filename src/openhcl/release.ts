/**
 * What one release of OpenHCL does in servicing, as data and small functions. Whatever is not
 * named here is the same in all of them. A new release is one new file that implements this.
 *
 * @module
 */
import type { EphemeralMemory } from "../memory/mod.ts";
import type { NvmeRelease } from "../nvme_driver/mod.ts";
import type { ClientRules, ServerRules } from "../vmbus/mod.ts";
import type { PciState } from "./chipset_unit.ts";
import type { BootShim } from "./command_line.ts";
import type { DeadlineRule } from "./deadline.ts";
import type { Gating } from "./gating.ts";
import type { KeepaliveParser } from "./keepalive_option.ts";
import type { AdapterNumbers } from "./network_adapter.ts";
import type { RelayLayout } from "./relay_unit.ts";
import type { SaveStep } from "./save_steps.ts";
import type { SettingName } from "./settings.ts";
import type { AbsentVariables } from "./uefi_unit.ts";
import type { VmgsOpener } from "./vmgs_opener.ts";
import type { PoolRule } from "./vtl2_memory.ts";

export interface Release {
  /** Name by which the release reports itself. */
  readonly name: string;
  readonly shim: BootShim;
  /** `OPENHCL_NVME_KEEP_ALIVE`. */
  readonly nvmeOption: KeepaliveParser;
  /** `OPENHCL_MANA_KEEP_ALIVE`. */
  readonly manaOption: KeepaliveParser;
  readonly gate: Gating;
  readonly deadline: DeadlineRule;
  /** `LoadedVm::save`, in its order. */
  readonly saveSteps: readonly SaveStep[];
  /** After a save that failed: true when the VMBus client is started again. */
  readonly resumesVmbusClient: boolean;
  /** The boot shim keeps the ranges of the pool for the next servicing boot. */
  readonly keepsPoolRanges: boolean;
  readonly pool: PoolRule;
  /** There is a DMA manager, with a private pool when the address space has one. */
  readonly hasDmaManager: boolean;
  readonly nvme: NvmeRelease;
  readonly openVmgs: VmgsOpener;
  /** What a state that does not tell of variables of the firmware stands for. */
  readonly absentVariables: AbsentVariables;
  readonly pciState: PciState;
  /** Where memory comes from that need not survive servicing (PR 2350). */
  readonly ephemeralMemory: EphemeralMemory;
  /** How network adapters without a saved index are numbered. */
  readonly adapterNumbers: AdapterNumbers;
  readonly relay: RelayLayout;
  readonly vmbusClient: ClientRules;
  readonly vmbusServer: ServerRules;
  /** A hibernation token is taken from VMGS at a fresh boot and carried from then on. */
  readonly takesHibernateToken: boolean;
  /** Saved settings that the release knows; see `settings`. */
  readonly settings: readonly SettingName[];
}
