/**
 * Packages below `chipset` that both kinds of firmware use, and `pci.bus`: clock, timer, interrupt
 * and DMA controllers, power management and the guest's watchdog, from vm/devices/chipset,
 * vm/devices/pci/pci_bus and vm/devices/watchdog. The same in all releases.
 *
 * There are no golden bytes of these messages: the declarations are checked against the extract of
 * upstream's source, and the codec by other messages.
 *
 * @module
 */
import type { Shape, Variants } from "../schema/message.ts";
import { field, message, oneof, variant } from "../schema/message.ts";
import {
  array,
  bool,
  choice,
  nested,
  octets,
  option,
  u8,
  u16,
  u32,
  u64,
  vec,
} from "../schema/type.ts";
import { WatchdogCoreSavedState } from "./firmware.ts";

export const CmosRtcSavedState = message(
  "chipset.cmos_rtc.SavedState",
  "vm/devices/chipset/src/cmos_rtc.rs",
  [
    /** The register that port 0x71 stands for. */
    field(1, "addr", u8),
    /** Registers of the time as they were when the clock was last looked at. */
    field(2, "cmos", octets(256)),
  ],
);
export type CmosRtcSavedState = Shape<typeof CmosRtcSavedState>;

export const PicSavedInitStage = oneof(
  "chipset.pic.SavedInitStage",
  "vm/devices/chipset/src/pic.rs",
  [
    variant(1, "Uninitialized"),
    variant(2, "ExpectingIcw2"),
    variant(3, "ExpectingIcw3"),
    variant(4, "ExpectingIcw4"),
    variant(5, "Initialized"),
  ],
);
export type PicSavedInitStage = Variants<typeof PicSavedInitStage>;

/** One 8259. Its requests are those of the lines, which are not saved here. */
export const SavedPic = message("chipset.pic.SavedPic", "vm/devices/chipset/src/pic.rs", [
  field(1, "init", choice(PicSavedInitStage)),
  field(2, "icw2", u8),
  field(3, "imr", u8),
  field(4, "ocw3", u8),
  field(5, "isr", u8),
  field(6, "elcr", u8),
  field(7, "line_low_latch", u8),
]);
export type SavedPic = Shape<typeof SavedPic>;

export const PicSavedState = message("chipset.pic.SavedState", "vm/devices/chipset/src/pic.rs", [
  field(1, "primary", nested(SavedPic)),
  field(2, "secondary", nested(SavedPic)),
]);
export type PicSavedState = Shape<typeof PicSavedState>;

export const PitSavedCountState = oneof(
  "chipset.pit.SavedCountState",
  "vm/devices/chipset/src/pit.rs",
  [
    variant(1, "Inactive"),
    variant(2, "WaitingForGate"),
    variant(3, "Reloading"),
    variant(4, "Active"),
    variant(5, "Counting"),
  ],
);
export type PitSavedCountState = Variants<typeof PitSavedCountState>;

export const PitSavedTimerState = message(
  "chipset.pit.SavedTimerState",
  "vm/devices/chipset/src/pit.rs",
  [
    /** Counting element. */
    field(1, "ce", u16),
    /** Count register: what the element is loaded with next. */
    field(2, "cr", u16),
    /** Output latch. */
    field(3, "ol", option(u16)),
    /** Status latch. */
    field(4, "sl", option(u8)),
    field(5, "state", choice(PitSavedCountState)),
    field(6, "control", u8),
    field(7, "out", bool),
    field(8, "gate", bool),
    /** The count register has been written and not been loaded. */
    field(9, "null", bool),
    field(10, "read_high", bool),
    field(11, "cr_low", option(u8)),
  ],
);
export type PitSavedTimerState = Shape<typeof PitSavedTimerState>;

export const PitSavedState = message("chipset.pit.SavedState", "vm/devices/chipset/src/pit.rs", [
  field(1, "timers", array(nested(PitSavedTimerState), 3)),
  /** Virtual time of the counting elements, in units of 100 ns; `VmTime` is transparent. */
  field(2, "last", u64),
]);
export type PitSavedState = Shape<typeof PitSavedState>;

/** ACPI registers, as in section 7.2 of the PIIX4 data sheet. */
export const PmSavedState = message("chipset.pm.SavedState", "vm/devices/chipset/src/pm.rs", [
  field(1, "general_purpose_output", u32),
  field(2, "status", u16),
  field(3, "resume_enable", u16),
  field(4, "control", u16),
  field(5, "general_purpose_status", u16),
  field(6, "general_purpose_enable", u16),
  field(7, "processor_control", u32),
  field(8, "device_status", u32),
  field(9, "global_status", u16),
  field(10, "global_enable", u16),
  field(11, "global_control", u32),
  field(12, "device_control", u32),
]);
export type PmSavedState = Shape<typeof PmSavedState>;

export const IoApicSavedState = message(
  "chipset.ioapic.SavedState",
  "vm/devices/chipset/src/ioapic.rs",
  [
    field(1, "id", u8),
    /** The register that the data window stands for. */
    field(2, "index", u8),
    field(3, "redirection_entries", vec(u64)),
  ],
);
export type IoApicSavedState = Shape<typeof IoApicSavedState>;

export const IsaDmaSavedChannel = message(
  "chipset.dma.SavedChannel",
  "vm/devices/chipset/src/dma.rs",
  [
    field(1, "address", u16),
    field(2, "count", u16),
    field(3, "mode", u8),
    field(4, "enabled", bool),
  ],
);
export type IsaDmaSavedChannel = Shape<typeof IsaDmaSavedChannel>;

export const IsaDmaSavedController = message(
  "chipset.dma.SavedController",
  "vm/devices/chipset/src/dma.rs",
  [
    field(1, "channels", array(nested(IsaDmaSavedChannel), 4)),
    field(2, "flip_flop_high", bool),
    field(3, "latched_address", u16),
    field(4, "latched_count", u16),
    field(5, "status", u8),
    field(6, "disabled", bool),
  ],
);
export type IsaDmaSavedController = Shape<typeof IsaDmaSavedController>;

export const IsaDmaSavedState = message("chipset.dma.SavedState", "vm/devices/chipset/src/dma.rs", [
  field(1, "page_registers", octets(16)),
  field(2, "controller0", nested(IsaDmaSavedController)),
  field(3, "controller1", nested(IsaDmaSavedController)),
]);
export type IsaDmaSavedState = Shape<typeof IsaDmaSavedState>;

export const GuestWatchdogSavedState = message(
  "chipset.watchdog.guest.SavedState",
  "vm/devices/watchdog/guest_watchdog/src/lib.rs",
  [
    /** The register that the data port stands for. */
    field(1, "watchdog_reg", u32),
    field(2, "inner", nested(WatchdogCoreSavedState)),
  ],
);
export type GuestWatchdogSavedState = Shape<typeof GuestWatchdogSavedState>;

/** PCI configuration by ports 0xCF8 and 0xCFC. */
export const PciBusSavedState = message("pci.bus.SavedState", "vm/devices/pci/pci_bus/src/lib.rs", [
  /** The register that the data port stands for. */
  field(1, "pio_addr_reg", u32),
]);
export type PciBusSavedState = Shape<typeof PciBusSavedState>;
