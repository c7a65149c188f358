/**
 * PIIX4, function 0: the bridge from PCI to ISA.
 *
 * Source: vm/devices/chipset_legacy/src/piix4_pci_isa_bridge.rs; section 3.1 of the PIIX4 data
 * sheet. Routing of interrupts and the base of the IOAPIC are held and have no effect, as upstream.
 *
 * @module
 */
import { Piix4PciIsaBridgeSavedState } from "../openhcl_state/mod.ts";
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

interface PciIsaBridge extends Omit<Piix4PciIsaBridgeSavedState, "cfg_space"> {
  readonly cfg_space: PciConfig;
}

const WIDE = 0xffff_ffff;

/** Port 0x92. Bit 0 resets the machine. */
const FAST_A20_GATE: Register<PciIsaBridge> = {
  mask: 0x02,
  read: ({ a20_gate_enabled: enabled }) => (enabled ? 0 : 2),
  write: (state, value) => ({ ...state, a20_gate_enabled: (value & 2) === 0 }),
};

export const PCI_ISA_BRIDGE: DeviceModel<PciIsaBridge, typeof Piix4PciIsaBridgeSavedState> = {
  unit: "piix4-pci-isa-bridge",
  message: Piix4PciIsaBridgeSavedState,
  powerOn: {
    // Lane A is IRQ 11, the others are off.
    pci_irq_routing: 0x8080_800b,
    smi_control: 0x08,
    smi_request: 0x0f,
    system_event: 0,
    clock_scale: 0,
    apic_base: 0,
    a20_gate_enabled: true,
    cfg_space: PCI_CONFIG_POWER_ON,
  },
  registers: {
    ...within("cfg_space", {
      STATUS_COMMAND: { ...COMMAND, read: () => 0x0200_0007 },
      LATENCY_TIMER,
      INTERRUPT_LINE,
    }),
    PIRQ: held("pci_irq_routing", WIDE),
    APIC_BASE: held("apic_base", WIDE),
    SMI: held("smi_control", 0x00ff_001f),
    SEE: held("system_event", WIDE),
    FTM: held("smi_request", WIDE),
    CTL_TMR: held("clock_scale", WIDE),
    FAST_A20_GATE,
  },
  save: (state) => ({ ...state, cfg_space: savePciConfig(state.cfg_space) }),
  restore: (saved) => ({ ...saved, cfg_space: restorePciConfig(saved.cfg_space) }),
};
