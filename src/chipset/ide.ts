/**
 * The IDE controller of a PCAT machine with one hard disk on its first channel. It keeps its PCI
 * registers itself; BAR 4 places the ports of the bus master.
 *
 * Source: microsoft/openvmm, vm/devices/storage/ide; sections 3.2 and 7.3 of the PIIX4 data sheet.
 * Commands and transfers are not modelled.
 *
 * @module
 */
import {
  IdeSavedState,
  type SavedBusMasterState,
  type SavedChannelState,
  type SavedHardDriveState,
} from "../openhcl_state/mod.ts";
import {
  type DeviceModel,
  held,
  prefixed,
  type Register,
  type Registers,
  within,
} from "./register.ts";

const WIDE = 0xffff_ffff;

/** A block of 16 ports. Bit 0 says that it is one of ports. */
const BAR4: Register<SavedBusMasterState> = {
  mask: 0xfff0,
  read: ({ port_addr_reg: address }) => address,
  write: (state, value) => ({ ...state, port_addr_reg: (value & 0xfff0) | 1 }),
};

const PCI: Registers<SavedBusMasterState> = {
  BAR4,
  STATUS_COMMAND: held("cmd_status_reg", 0x0005),
  TIMING: held("timing_reg", WIDE),
  SECONDARY_TIMING: held("secondary_timing_reg", WIDE),
  DMA_CONTROL: held("dma_ctl_reg", WIDE),
};

const BUS_MASTER: Registers<SavedChannelState["bus_master"]> = {
  // Direction; a guest does not start a transfer here.
  BM_COMMAND: held("command_reg", 0x08),
  BM_STATUS: held("status_reg", 0x60),
  BM_TABLE: held("desc_table_ptr", 0xffff_fffc),
};

const CHANNEL: Registers<SavedChannelState> = {
  ...within("bus_master", BUS_MASTER),
  ADAPTER_CONTROL: held("shadow_adapter_control_reg", 0x02),
  FEATURES: held("shadow_features_reg", 0xff),
};

type DriveRegisters = SavedHardDriveState["registers"];

/** Registers of 48-bit addressing remember what was written before. */
function fifo(key: "lba_low" | "lba_mid" | "lba_high" | "sector_count"): Register<DriveRegisters> {
  return {
    mask: 0xff,
    read: (state) => state[key] & 0xff,
    write: (state, value) => ({ ...state, [key]: ((state[key] << 8) | (value & 0xff)) & 0xffff }),
  };
}

const DRIVE: Registers<DriveRegisters> = {
  LBA_LOW: fifo("lba_low"),
  LBA_MID: fifo("lba_mid"),
  LBA_HIGH: fifo("lba_high"),
  SECTOR_COUNT: fifo("sector_count"),
  DEVICE_HEAD: held("device_head", 0xef),
  DRIVE_FEATURES: held("features", 0xff),
};

const DRIVE_POWER_ON: SavedHardDriveState = {
  registers: {
    error: 1,
    features: 0,
    device_head: 0xa0,
    lba_low: 1,
    lba_mid: 0,
    lba_high: 0,
    sector_count: 1,
    device_control_reg: 0,
  },
  pending_interrupt: false,
  max_sector: 63,
  max_head: 15,
  error_pending: false,
  block_sector_count: 128,
  command: null,
  dma_type: null,
  command_buffer: new Uint8Array(0),
  pending_software_reset: false,
  prd_exhausted: false,
};

/** The registers of the disk on a channel; they read as zeros where none is. */
function ofDrive(registers: Registers<DriveRegisters>): Registers<SavedChannelState> {
  const entries = Object.entries(registers).map(([name, { read, write, mask = 0 }]) => {
    const register: Register<SavedChannelState> = {
      mask,
      read: ({ drive0 }) =>
        drive0?.variant === "HardDevice" ? read(drive0.value[0].registers) : 0,
      write(state, value) {
        const { drive0 } = state;
        if (drive0?.variant !== "HardDevice" || write === undefined) return state;
        const drive = drive0.value[0];
        const changed = { ...drive, registers: write(drive.registers, value) };
        return { ...state, drive0: { variant: "HardDevice", value: { 0: changed } } };
      },
    };
    return [name, register] as const;
  });
  return Object.fromEntries(entries);
}

const EMPTY_CHANNEL: SavedChannelState = {
  current_drive_idx: 0,
  shadow_adapter_control_reg: 0,
  shadow_features_reg: 0,
  bus_master: {
    command_reg: 0,
    status_reg: 0,
    desc_table_ptr: 0,
    dma_state: null,
    dma_error: false,
  },
  drive0: null,
  drive1: null,
};

export const IDE: DeviceModel<IdeSavedState, typeof IdeSavedState> = {
  unit: "ide",
  message: IdeSavedState,
  powerOn: {
    bus_master: {
      cmd_status_reg: 0x0280_0000,
      port_addr_reg: 1,
      timing_reg: 0x8000_8000,
      secondary_timing_reg: 0,
      dma_ctl_reg: 0,
    },
    channel0: {
      ...EMPTY_CHANNEL,
      drive0: { variant: "HardDevice", value: { 0: DRIVE_POWER_ON } },
    },
    channel1: EMPTY_CHANNEL,
  },
  registers: {
    ...within("bus_master", PCI),
    ...prefixed("channel0", within("channel0", { ...CHANNEL, ...ofDrive(DRIVE) })),
    ...prefixed("channel1", within("channel1", CHANNEL)),
  },
  save: (state) => state,
  restore: (saved) => saved,
};
