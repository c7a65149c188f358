/**
 * Packages `firmware.uefi` with what it embeds (NVRAM, watchdog, generation id) and
 * `firmware.pcat`, from vm/devices/firmware and vm/devices/watchdog.
 *
 * @module
 */
import type { Shape, Variants } from "../schema/message.ts";
import { field, message, oneof, variant } from "../schema/message.ts";
import {
  array,
  bool,
  bytes,
  choice,
  i16,
  nested,
  octets,
  option,
  u8,
  u32,
  vec,
  zeroCopy,
} from "../schema/type.ts";
import { Guid } from "./guid.ts";
import { NoSavedState } from "./save_restore.ts";

/** One UEFI variable. */
export const NvramEntry = message(
  "nvram_entry.NvramEntry",
  "vm/devices/firmware/uefi_nvram_storage/src/in_memory.rs",
  [
    field(1, "vendor", nested(Guid)),
    /** UCS-2, little endian, with its terminator. */
    field(2, "name", bytes),
    field(3, "data", bytes),
    /** UEFI's own calendar struct. */
    field(4, "timestamp", zeroCopy("EFI_TIME", 16)),
    field(5, "attr", u32),
  ],
  { since: "2505" },
);
export type NvramEntry = Shape<typeof NvramEntry>;

/** All NVRAM variables; `null` when they live elsewhere. */
export const InMemoryNvramSavedState = message(
  "firmware.in_memory_nvram.SavedState",
  "vm/devices/firmware/uefi_nvram_storage/src/in_memory.rs",
  [field(1, "nvram", option(vec(nested(NvramEntry))))],
  { since: "2505" },
);
export type InMemoryNvramSavedState = Shape<typeof InMemoryNvramSavedState>;

export const SavedRuntimeState = oneof(
  "firmware.uefi.nvram.spec.SavedRuntimeState",
  "vm/devices/firmware/firmware_uefi/src/service/nvram/spec_services/mod.rs",
  [variant(1, "PreBoot"), variant(2, "Boot"), variant(3, "Runtime")],
);
export type SavedRuntimeState = Variants<typeof SavedRuntimeState>;

export const UefiNvramSpecSavedState = message(
  "firmware.uefi.nvram.spec.SavedState",
  "vm/devices/firmware/firmware_uefi/src/service/nvram/spec_services/mod.rs",
  [
    field(1, "runtime_state", choice(SavedRuntimeState)),
    field(2, "storage", nested(InMemoryNvramSavedState), { since: "2505" }),
  ],
);
export type UefiNvramSpecSavedState = Shape<typeof UefiNvramSpecSavedState>;

export const UefiNvramSavedState = message(
  "firmware.uefi.nvram.SavedState",
  "vm/devices/firmware/firmware_uefi/src/service/nvram/mod.rs",
  [field(1, "services", nested(UefiNvramSpecSavedState))],
);
export type UefiNvramSavedState = Shape<typeof UefiNvramSavedState>;

export const WatchdogCoreSavedState = message(
  "chipset.watchdog.core.SavedState",
  "vm/devices/watchdog/watchdog_core/src/lib.rs",
  [
    field(1, "config", u32),
    field(2, "resolution", u32),
    field(3, "count", u32),
    field(4, "configured_count", u32),
  ],
);
export type WatchdogCoreSavedState = Shape<typeof WatchdogCoreSavedState>;

export const UefiWatchdogSavedState = message(
  "firmware.uefi.watchdog.SavedState",
  "vm/devices/firmware/firmware_uefi/src/service/uefi_watchdog.rs",
  [field(1, "inner", nested(WatchdogCoreSavedState))],
);
export type UefiWatchdogSavedState = Shape<typeof UefiWatchdogSavedState>;

export const GenerationIdSavedState = message(
  "firmware.generation_id.SavedState",
  "vm/devices/firmware/generation_id/src/lib.rs",
  [
    field(1, "id", octets(16)),
    /** Guest-physical address, low and high half. */
    field(2, "ptr", array(option(u32), 2)),
  ],
);
export type GenerationIdSavedState = Shape<typeof GenerationIdSavedState>;

export const UefiTimeSavedState = message(
  "firmware.uefi.time.SavedState",
  "vm/devices/firmware/firmware_uefi/src/service/time.rs",
  [
    /** Minutes from UTC. */
    field(1, "timezone", i16),
    field(2, "daylight", u8),
  ],
);
export type UefiTimeSavedState = Shape<typeof UefiTimeSavedState>;

export const UefiDiagnosticsSavedState = message(
  "firmware.uefi.diagnostics.SavedState",
  "vm/devices/firmware/firmware_uefi/src/service/diagnostics/mod.rs",
  [
    /** Guest-physical address of the log. */
    field(1, "gpa", option(u32)),
    field(2, "did_flush", bool),
    /** Mask; `LogLevel` is transparent. 0 from an older writer, not the configured level. */
    field(3, "log_level", u32, { since: "1.7.2511" }),
  ],
  { since: "2505" },
);
export type UefiDiagnosticsSavedState = Shape<typeof UefiDiagnosticsSavedState>;

export const UefiSavedState = message(
  "firmware.uefi.SavedState",
  "vm/devices/firmware/firmware_uefi/src/lib.rs",
  [
    field(1, "address", u32),
    field(2, "nvram", nested(UefiNvramSavedState)),
    /** The event log has nothing to save. */
    field(3, "event_log", nested(NoSavedState)),
    field(4, "watchdog", nested(UefiWatchdogSavedState)),
    field(5, "generation_id", nested(GenerationIdSavedState)),
    field(6, "time", nested(UefiTimeSavedState)),
    field(7, "diagnostics", nested(UefiDiagnosticsSavedState), { since: "2505" }),
  ],
);
export type UefiSavedState = Shape<typeof UefiSavedState>;

/** The BIOS of a PCAT machine. No golden bytes of it exist. */
export const PcatSavedState = message(
  "firmware.pcat.SavedState",
  "vm/devices/firmware/firmware_pcat/src/lib.rs",
  [
    field(1, "address", u32),
    field(2, "read_count", u32),
    field(3, "e820_entry", u8),
    field(4, "srat_offset", u32),
    field(5, "srat_size", u32),
    field(6, "port80", u32),
    field(7, "entropy", octets(64)),
    field(8, "entropy_placed", bool),
    field(9, "genid", nested(GenerationIdSavedState)),
  ],
);
export type PcatSavedState = Shape<typeof PcatSavedState>;
