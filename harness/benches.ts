/**
 * Every bench of our own code: one list. Those of codecs run by pieces, alone or against rivals, in
 * comparisons; those of whole programs compare by themselves, as their rivals are processes, too.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { OwnBenches } from "./cli/own_bench.ts";

export const benches: OwnBenches = {
  mesh: async () => (await import("../src/openhcl_state/mesh_bench.ts")).meshBench,
  xenstore: async () => (await import("../src/xenstore_stream/stream_bench.ts")).xenstoreBench,
  qemu: async () => (await import("../src/qemu_stream/qemu_bench.ts")).qemuBench,
};

/** Run one after the other; each says itself what it needs and what it found. */
export const benchPrograms: readonly string[] = [
  "src/xenstore_stream/stream_bench.ts",
  "src/qemu_stream/qemu_bench.ts",
  "harness/cli/live_update_bench.ts",
  "harness/adapters/xenstored/cell_bench.ts",
  "harness/cli/test_xenstore_bench.ts",
  "harness/cli/adapter_bench.ts",
  "harness/reporters/page_bench.ts",
].map((path) => fileURLToPath(new URL(`../${path}`, import.meta.url)));
