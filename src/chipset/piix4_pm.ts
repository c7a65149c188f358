/**
 * PIIX4, function 3: power management. The ACPI registers answer at the ports that the guest has
 * chosen, and not before it has switched them on.
 *
 * Source: vm/devices/chipset_legacy/src/piix4_pm.rs; section 3.4 of the PIIX4 data sheet. There is
 * no SMBus; its enable bit is held.
 *
 * @module
 */
import { Piix4PmSavedState } from "../openhcl_state/mod.ts";
import {
  COMMAND,
  INTERRUPT_LINE,
  PCI_CONFIG_POWER_ON,
  type PciConfig,
  restorePciConfig,
  savePciConfig,
} from "./pci_config.ts";
import { PM_POWER_ON, PM_REGISTERS } from "./pm.ts";
import {
  type DeviceModel,
  held,
  prefixed,
  type Register,
  type Registers,
  within,
} from "./register.ts";

interface Piix4Pm extends Omit<Piix4PmSavedState, "cfg_space"> {
  readonly cfg_space: PciConfig;
}

const WIDE = 0xffff_ffff;

/** What a port reads as at which nothing answers. */
const NOTHING = 0xffff_ffff;

/** The enable bit of the SMBus goes to the function and is the only one of the two that is read. */
const STATUS_COMMAND: Register<Piix4Pm> = {
  mask: COMMAND.mask ?? 0,
  read: ({ smbus_io_enabled: smbus }) => 0x0280_0000 | (smbus ? 1 : 0),
  write: (state, value) => ({
    ...state,
    smbus_io_enabled: (value & 1) !== 0,
    cfg_space: COMMAND.write?.(state.cfg_space, value) ?? state.cfg_space,
  }),
};

/** A multiple of 0x40 in the ports. Bit 0 says that it is one of ports. */
const IO_BASE: Register<Piix4Pm> = {
  mask: 0xffc0,
  ones: 0x0400,
  read: ({ base_io_addr: base }) => base | 1,
  write: (state, value) => ({ ...state, base_io_addr: value & 0xffc0 }),
};

const IO_ENABLE: Register<Piix4Pm> = {
  mask: 1,
  ones: 1,
  read: ({ base_io_enable: enabled }) => (enabled ? 1 : 0),
  write: (state, value) => ({ ...state, base_io_enable: (value & 1) !== 0 }),
};

function flag(key: "device_resource_flags" | "device_activity_flags", at: number) {
  const register: Register<Piix4Pm> = {
    mask: WIDE,
    read: (state) => state[key][at] ?? 0,
    write: (state, value) => ({ ...state, [key]: state[key].with(at, value) }),
  };
  return register;
}

/** The ten registers of device resources and the two of device activity. */
const FLAGS: Registers<Piix4Pm> = Object.fromEntries([
  ...[..."ABCDEFGHIJ"].map((name, at) => [`RESOURCE_${name}`, flag("device_resource_flags", at)]),
  ...[..."AB"].map((name, at) => [`ACTIVITY_${name}`, flag("device_activity_flags", at)]),
]);

/** The ACPI registers as far as ports lead to them. */
function mapped(inner: Registers<Piix4Pm>): Registers<Piix4Pm> {
  const entries = Object.entries(inner).map(([name, register]): [string, Register<Piix4Pm>] => {
    const { write, read } = register;
    const seen: Register<Piix4Pm> = {
      ...register,
      read: (state) => (isMapped(state) ? read(state) : NOTHING),
    };
    if (write === undefined) return [name, seen];
    const writing = (state: Piix4Pm, value: number) =>
      isMapped(state) ? write(state, value) : state;
    return [name, { ...seen, write: writing }];
  });
  return Object.fromEntries(entries);
}

function isMapped({ base_io_enable: enabled, base_io_addr: base }: Piix4Pm): boolean {
  return enabled && base !== 0;
}

export const PIIX4_PM: DeviceModel<Piix4Pm, typeof Piix4PmSavedState> = {
  unit: "piix4-pm",
  message: Piix4PmSavedState,
  powerOn: {
    power_status: 0,
    power_control: 0,
    smbus_io_enabled: false,
    base_io_addr: 0,
    base_io_enable: false,
    counter_info_a: 0,
    counter_info_b: 0,
    general_purpose_config_info: 0,
    device_resource_flags: new Array(10).fill(0),
    device_activity_flags: [0, 0],
    cfg_space: PCI_CONFIG_POWER_ON,
    inner: PM_POWER_ON,
  },
  registers: {
    STATUS_COMMAND,
    ...within("cfg_space", { INTERRUPT_LINE }),
    IO_BASE,
    IO_ENABLE,
    COUNT_A: held("counter_info_a", WIDE),
    COUNT_B: held("counter_info_b", WIDE),
    GENERAL_PURPOSE: held("general_purpose_config_info", WIDE),
    ...FLAGS,
    STATUS_PORT: held("power_status", 0xff),
    CONTROL_PORT: held("power_control", 0xff),
    ...prefixed("io", mapped(within("inner", PM_REGISTERS))),
  },
  save: (state) => ({ ...state, cfg_space: savePciConfig(state.cfg_space) }),
  restore: (saved) => ({ ...saved, cfg_space: restorePciConfig(saved.cfg_space) }),
};
