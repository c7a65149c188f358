/**
 * 82443BX: the host bridge of a PCAT machine. Its PAM registers say for 13 ranges of the BIOS area
 * whether the guest sees ROM or memory there; what follows from them is `pam_ranges.ts`.
 *
 * Source: vm/devices/chipset_legacy/src/i440bx_host_pci_bridge.rs; section 3.3 of the 440BX data
 * sheet. Status and command read as a constant, as in Hyper-V.
 *
 * @module
 */
import { I440bxHostPciBridgeSavedState } from "../openhcl_state/mod.ts";
import {
  COMMAND,
  INTERRUPT_LINE,
  LATENCY_TIMER,
  PCI_CONFIG_POWER_ON,
  type PciConfig,
  restorePciConfig,
  savePciConfig,
} from "./pci_config.ts";
import { type DeviceModel, held, type Register, within } from "./register.ts";

export interface HostPciBridge extends Omit<I440bxHostPciBridgeSavedState, "cfg_space"> {
  readonly cfg_space: PciConfig;
}

const WIDE = 0xffff_ffff;

/** SMRAM control: bits 13 to 11 and 1 are always set, 7, 2 and 0 always clear; 4 locks the rest. */
const SMM_ALWAYS = 0x3802;
const SMM_READABLE = 0x7a;
const SMM_LOCKED = 0x10;
/** Opening SMRAM (bit 6) is not supported. */
const SMM_STORED = 0x3a;

/** The word is the upper half of the register. */
const SMRAM: Register<HostPciBridge> = {
  // Without the lock, after which nothing could be written any more.
  mask: (SMM_STORED & ~SMM_LOCKED) << 16,
  read: ({ smm_config_word: word }) => (((word & SMM_READABLE) | SMM_ALWAYS) << 16) >>> 0,
  write(state, value) {
    if ((state.smm_config_word & SMM_LOCKED) !== 0) return state;
    return { ...state, smm_config_word: ((value >>> 16) & SMM_STORED) | SMM_ALWAYS };
  },
};

export const HOST_PCI_BRIDGE: DeviceModel<HostPciBridge, typeof I440bxHostPciBridgeSavedState> = {
  unit: "440bx-host-pci-bridge",
  message: I440bxHostPciBridgeSavedState,
  powerOn: {
    host_pci_dram1: 0x0202_0202,
    host_pci_dram2: 2,
    pam_reg1: 3,
    pam_reg2: 0,
    bios_scratch1: 0,
    bios_scratch2: 0,
    smm_config_word: SMM_ALWAYS,
    cfg_space: PCI_CONFIG_POWER_ON,
  },
  registers: {
    ...within("cfg_space", {
      STATUS_COMMAND: { ...COMMAND, read: () => 0x0200_0006 },
      LATENCY_TIMER,
      INTERRUPT_LINE,
    }),
    PAM1: { ...held("pam_reg1", WIDE), everyTurn: true },
    PAM2: { ...held("pam_reg2", WIDE), everyTurn: true },
    DRB_1: held("host_pci_dram1", WIDE),
    DRB_2: held("host_pci_dram2", WIDE),
    BSPAD_1: held("bios_scratch1", WIDE),
    BSPAD_2: held("bios_scratch2", WIDE),
    SMRAM,
  },
  save: (state) => ({ ...state, cfg_space: savePciConfig(state.cfg_space) }),
  restore: (saved) => ({ ...saved, cfg_space: restorePciConfig(saved.cfg_space) }),
};
