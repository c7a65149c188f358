/**
 * Sections whose fields are known without a description, by name and version.
 *
 * Source: QEMU, softmmu/cpu-timers.c, vmstate_timers; migration/global_state.c.
 *
 * @module
 */
import type { BodyDescription, FieldDescription } from "./description.ts";

const field = (name: string, type: string, size: number): FieldDescription => ({
  name,
  type,
  size,
});

export const OWN_RULES: Readonly<Record<string, BodyDescription>> = {
  "timer 2": {
    vmsd: "timer",
    version: 2,
    fields: [
      field("cpu_ticks_offset", "int64", 8),
      field("unused", "unused_buffer", 8),
      field("cpu_clock_offset", "int64", 8),
    ],
    subsections: [],
  },
  "globalstate 1": {
    vmsd: "globalstate",
    version: 1,
    fields: [field("size", "uint32", 4), field("runstate", "buffer", 100)],
    subsections: [],
  },
};
