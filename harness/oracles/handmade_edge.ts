/**
 * Edges made by hand, for tests of oracles: a state of the writer with the codec of its release,
 * and a machine that shows what it is told to. Nothing here comes from a model.
 *
 * @module
 */
import { codecFor } from "../../src/mesh/mod.ts";
import { type Guid, ServicingState } from "../../src/openhcl_state/mod.ts";
import type { Machine } from "../facets/machine.ts";
import type { Edge, Outcome } from "../oracle.ts";
import type { Hop, Path } from "../path.ts";
import { STATE_UNITS } from "./tables.ts";

const USUAL_UNITS = STATE_UNITS.names
  .filter(({ devices }) => devices.includes("none"))
  .map(({ name }) => name);

const CORRELATION_ID = "01020304-0506-0708-090a-0b0c0d0e0f10";
export const GUID: Guid = {
  data1: 0x01020304,
  data2: 0x0506,
  data3: 0x0708,
  data4: Uint8Array.of(9, 10, 11, 12, 13, 14, 15, 16),
};
const KEY = new Uint8Array(32);
const SLOT_KEY = { nonce: new Uint8Array(12), authentication_tag: new Uint8Array(16) };

export type InitState = ReturnType<typeof initState>;

function initState() {
  const vmgs = {
    active_header_index: 0n,
    active_header_sequence_number: 1,
    version: 0x3_0000,
    fcbs: [],
    encryption_algorithm: 0,
    datastore_key_count: 0,
    active_datastore_key_index: null,
    datastore_keys: [KEY, KEY],
    metadata_key: KEY,
    encrypted_metadata_keys: [
      { ...SLOT_KEY, encryption_key: KEY },
      { ...SLOT_KEY, encryption_key: KEY },
    ],
    reprovisioned: false,
  };
  const disk = {
    capacity: 1n,
    logical_sector_size: 512,
    sector_count: 1n,
    sector_size: 512,
    physical_sector_size: 512,
    max_trans_size_bytes: 4096,
    max_transfer_size_bytes: 4096,
  };
  return {
    firmware_type: { variant: "Uefi" as const, value: {} },
    vm_stop_reference_time: 7n,
    correlation_id: GUID as Guid | null,
    emuplat: {
      rtc_local_clock: { offset_from_host_time_millis: 0n },
      get_backed_adjust_gpa_range: null,
      netvsp_state: [],
      network_adapter_index: null,
    },
    flush_logs_result: { duration_us: 1200n, error: null as string | null },
    vmgs: [vmgs, disk] as unknown,
    overlay_shutdown_device: false,
    hibernate: null,
    nvme_state: null as unknown,
    dma_manager_state: null as unknown,
    vmbus_client: null,
    mana_state: null as unknown,
  };
}

export const POOL = { start: 0x100_000n, end: 0x180_000n };

/** A pool of 128 pages whose first 66 belong to `device`. */
export function poolState(device: string, pages = 66n) {
  const [base, total] = [POOL.start / 4096n, (POOL.end - POOL.start) / 4096n];
  const owner = { variant: "Allocated", value: { device_id: device, tag: "vfio dma" } };
  return {
    shared_pool: null,
    private_pool: {
      ranges: [POOL],
      state: [
        { base_pfn: base, size_pages: pages, state: owner },
        {
          base_pfn: base + pages,
          size_pages: total - pages,
          state: { variant: "Free", value: {} },
        },
      ],
    },
  };
}

export function hop(release: string, host = "nohost", pool = "privatepool"): Hop {
  return { implementation: "openhcl", release, inputs: { host, pool } };
}

interface Lie extends Partial<Pick<Edge, "found" | "again" | "fallback" | "detour">> {
  /** Hops before the writer. */
  readonly before?: readonly Hop[];
  readonly writer?: Hop;
  readonly reader?: Hop;
  readonly settings?: Record<string, string>;
  readonly init?: Partial<InitState>;
  readonly units?: readonly string[];
  /** Blob of a relay unit. */
  readonly relay?: Uint8Array;
  readonly save?: Outcome;
  readonly restore?: Outcome;
  readonly machine?: Machine;
  readonly correlationId?: string;
}

export function edgeOf(lie: Lie = {}): Edge {
  const { writer = hop("main"), reader = hop("main"), restore = { kind: "done" } } = lie;
  const value = {
    init_state: { ...initState(), ...lie.init },
    units: (lie.units ?? USUAL_UNITS).map((name) => ({
      name,
      state: { type_url: "type.googleapis.com/save_restore.NoSavedState", value: new Uint8Array() },
    })),
  };
  if (lie.relay !== undefined) {
    const state = { type_url: "type.googleapis.com/vmbus.relay.SavedState", value: lie.relay };
    value.units.push({ name: "vmbus_relay", state: state as (typeof value.units)[0]["state"] });
  }
  const bytes = codecFor(ServicingState, writer.release).encode(value as never);
  const settings = {
    devices: "none",
    request: "none",
    lifetime: "Default",
    fault: "none",
    ...lie.settings,
  };
  const { before = [], found, again, fallback, detour } = lie;
  return {
    condition: { path: [...before, writer, reader] as readonly Hop[] as Path, settings },
    settings,
    index: before.length,
    writer,
    reader,
    correlationId: CORRELATION_ID,
    save: lie.save ?? { kind: "done" },
    saved: {
      writer: { implementation: "openhcl", release: writer.release },
      codec: "mesh",
      bytes,
    },
    restore,
    ...(restore.kind === "done" ? { machine: lie.machine ?? machineOf() } : {}),
    ...(found === undefined ? {} : { found }),
    ...(again === undefined ? {} : { again }),
    ...(fallback === undefined ? {} : { fallback }),
    ...(detour === undefined ? {} : { detour }),
  };
}

export function machineOf(facets: Partial<Machine> = {}): Machine {
  return {
    servicing: {
      correlationId: () => CORRELATION_ID,
      keepaliveMode: (device) => (device === "nvme" ? "nohost,privatepool" : "disabled"),
      flushLogs: () => ({ durationUs: 1200n, error: null }),
      blackoutUs: () => 1,
      blackout: () => [],
    },
    ...facets,
  };
}

export function driverState() {
  return {
    identify_ctrl: new Uint8Array(4096),
    device_id: "1:0:0.0",
    namespaces: [],
    worker_data: { admin: null, io: [], qsize: 64, max_io_queues: 1 },
  };
}
