/**
 * The PCI configuration space of a function of type 0: command, base addresses, interrupt line and
 * latency timer. The bridges on bus 0 have no BARs and no capabilities.
 *
 * Source: vm/devices/pci/pci_core/src/cfg_space_emu.rs. Fields of bridges (type 1) are saved as
 * zeros and not looked at, and so are those of PCI Express (captured bus and function).
 *
 * @module
 */
import { invalidSavedState } from "../machine/mod.ts";
import type { PciCfgSpaceEmuSavedState } from "../openhcl_state/mod.ts";
import { held, type Register } from "./register.ts";

export interface PciConfig {
  readonly command: number;
  /** One for each BAR of the type: six of type 0, two of type 1. */
  readonly baseAddresses: readonly number[];
  readonly interruptLine: number;
  readonly latencyTimer: number;
}

export const PCI_CONFIG_POWER_ON: PciConfig = {
  command: 0,
  baseAddresses: [0, 0, 0, 0, 0, 0],
  interruptLine: 0,
  latencyTimer: 0,
};

/** All bits of the command register but the reserved ones: 7, and 11 to 15. */
const SUPPORTED_COMMAND_BITS = 0x077f;

export const COMMAND: Register<PciConfig> = held("command", SUPPORTED_COMMAND_BITS);
export const LATENCY_TIMER: Register<PciConfig> = held("latencyTimer", 0xff);
export const INTERRUPT_LINE: Register<PciConfig> = held("interruptLine", 0xff);

/** A message always has room for six BARs, whatever the type (PR 2603). */
const SAVED_BARS = 6;

export function savePciConfig(config: PciConfig): PciCfgSpaceEmuSavedState {
  const { command, baseAddresses, interruptLine, latencyTimer, ...rest } = config;
  rest satisfies Record<string, never>;
  return {
    command,
    base_addresses: Array.from({ length: SAVED_BARS }, (_, bar) => baseAddresses[bar] ?? 0),
    interrupt_line: interruptLine,
    latency_timer: latencyTimer,
    capabilities: [],
    ...NOT_OF_TYPE_0,
  };
}

const NOT_OF_TYPE_0 = {
  extended_capabilities: [],
  captured_bus_number: 0,
  captured_devfn: 0,
  subordinate_bus_number: 0,
  secondary_bus_number: 0,
  primary_bus_number: 0,
  memory_base: 0,
  memory_limit: 0,
  prefetch_base: 0,
  prefetch_limit: 0,
  prefetch_base_upper: 0,
  prefetch_limit_upper: 0,
  bridge_control: 0,
} satisfies Partial<PciCfgSpaceEmuSavedState>;

type OfOtherTypes = keyof typeof NOT_OF_TYPE_0;

export function restorePciConfig(saved: PciCfgSpaceEmuSavedState): PciConfig {
  const { command, base_addresses, interrupt_line, latency_timer, ...others } = saved;
  const { capabilities, extended_capabilities, ...ofOtherTypes } = others;
  // A field that nobody has decided on does not compile.
  ofOtherTypes satisfies Record<Exclude<keyof typeof ofOtherTypes, OfOtherTypes>, never>;
  if ((command & ~SUPPORTED_COMMAND_BITS) !== 0) {
    throw invalidSavedState("found invalid config bits in saved state");
  }
  for (const [name] of [...capabilities, ...(extended_capabilities ?? [])]) {
    throw invalidSavedState(`found unexpected capability ${name}`);
  }
  return {
    command,
    baseAddresses: base_addresses,
    interruptLine: interrupt_line,
    latencyTimer: latency_timer,
  };
}
