/**
 * What a guest has programmed into the devices whose state is modelled, and what these are at
 * power-on. Values are arbitrary and differ from every default.
 *
 * Source of the shapes: facts/openhcl/schemas.md.
 *
 * @module
 */
import type { NetvspState, StorvspState } from "./channel_units.ts";
import type { UefiState } from "./device_units.ts";
import type { Processor } from "./partition_unit.ts";

/** Virtual processors of every VM. */
export const VP_COUNT = 4;

/** The level that the host configures for the firmware's log: errors and warnings. */
export const LOG_LEVEL_CONFIGURED = 0x8000_0002;

const WATCHDOG = { config: 0, resolution: 0, count: 0, configured_count: 0 };

/** Firmware at power-on. */
export const UEFI_POWER_ON: UefiState = {
  address: 0,
  nvram: {
    services: { runtime_state: { variant: "PreBoot", value: {} }, storage: { nvram: null } },
  },
  event_log: {},
  watchdog: { inner: WATCHDOG },
  generation_id: { id: new Uint8Array(16), ptr: [null, null] },
  time: { timezone: 0, daylight: 0 },
  diagnostics: { gpa: null, did_flush: false, log_level: LOG_LEVEL_CONFIGURED },
};

/** Firmware after it has booted an operating system. */
export const UEFI_BOOTED: UefiState = {
  address: 0x28,
  nvram: {
    services: { runtime_state: { variant: "Runtime", value: {} }, storage: { nvram: null } },
  },
  event_log: {},
  watchdog: { inner: { config: 1, resolution: 0x10, count: 120, configured_count: 120 } },
  generation_id: {
    id: Uint8Array.from({ length: 16 }, (_, index) => 0xc0 + index),
    ptr: [0x7f00_1000, null],
  },
  time: { timezone: -300, daylight: 1 },
  diagnostics: { gpa: 0x7e00_0000, did_flush: true, log_level: LOG_LEVEL_CONFIGURED },
};

/** A synthetic NIC whose channel is closed. */
export const NETVSP_CLOSED: NetvspState = { open: null };

/** A synthetic NIC that passes packets, with the VF of the accelerated path in use. */
export function netvspReady(gpadls: readonly number[]): NetvspState {
  const [receive = 0, send = 0] = gpadls;
  return {
    open: {
      primary: {
        variant: "Ready",
        value: {
          0: {
            version: 0x6_0001,
            receive_buffer: { gpadl_id: { 0: receive }, id: 0xcafe, sub_allocation_size: 2048 },
            send_buffer: { gpadl_id: { 0: send } },
            ndis_config: { mtu: 1514, capabilities: 0x3dn },
            ndis_version: { major: 6, minor: 30 },
            rndis_state: { variant: "Operational", value: {} },
            guest_vf_state: { variant: "DataPathSwitched", value: {} },
            offload_config: OFFLOADS,
            pending_offload_change: false,
            control_messages: [],
            rss_state: null,
            channels: [{ pending_tx_completions: [0x51n], in_use_rx: [{ buffers: [1, 7] }] }],
            tx_spread_sent: true,
            guest_link_down: false,
            pending_link_action: null,
            packet_filter: 0x9,
            advertised_vf_serial_number: 0x41,
          },
        },
      },
    },
  };
}

const CHECKSUMS = { ipv4_header: true, tcp4: true, udp4: true, tcp6: true, udp6: true };
const OFFLOADS = { checksum_tx: CHECKSUMS, checksum_rx: CHECKSUMS, lso4: true, lso6: false };

/** A synthetic SCSI controller whose channel is closed. */
export const STORVSP_CLOSED: StorvspState = {
  protocol_state: { variant: "Init", value: { 0: { variant: "Begin", value: {} } } },
  channels: [],
  drives: [],
};

/** A synthetic SCSI controller with a disk, and with one request under way. */
export const STORVSP_READY: StorvspState = {
  protocol_state: { variant: "Ready", value: { version: 0x602 } },
  channels: [
    {
      channel: {
        scsi_requests: [
          {
            transaction_id: 0x77n,
            external_data: { buf: [0x1000n, 0n, 0x9_1234n], count: 1n },
            request: Uint8Array.of(0x28, 0, 0, 0, 0, 8, 0, 0, 8, 0),
          },
        ],
      },
    },
  ],
  drives: [
    {
      path: { path: 0, target: 0, lun: 3 },
      state: { variant: "Disk", value: { 0: { sector_count: 0x4_0000n, sense_data: null } } },
    },
  ],
};

/** Processors that run a guest. */
export const PROCESSORS: readonly Processor[] = Array.from({ length: VP_COUNT }, (_, index) =>
  processor(BigInt(index)),
);

function processor(index: bigint): Processor {
  return {
    rax: 0x100n + index,
    rcx: 2n,
    rdx: 3n,
    rbx: 4n,
    cr2: 0xffff_8000_0000_1000n,
    rbp: 5n,
    rsi: 6n,
    rdi: 7n,
    r8: 8n,
    r9: 9n,
    r10: 10n,
    r11: 11n,
    r12: 12n,
    r13: 13n,
    r14: 14n,
    r15: 15n,
    fx_state: Uint8Array.of(0x7f, 0x03, 0x80, 0x1f),
    dr0: 0n,
    dr1: 0n,
    dr2: 0n,
    dr3: 0n,
    dr6: 0xffff_0ff0n,
    startup_suspend: false,
    crash_reg: [0n, 0n, 0n, 0n, index],
    crash_control: 0n,
    msr_mtrr_def_type: 0xc00n,
    fixed_mtrrs: null,
    variable_mtrrs: null,
    per_vtl: [],
  };
}
