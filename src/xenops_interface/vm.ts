/**
 * What a VM is to be: `Vm.t` and its parts, without devices.
 *
 * Source: xen-api, `xenops_types.ml`. The order of fields is that of the declaration there, since
 * the wire has its reverse.
 *
 * @module
 */
import { BOOL, FLOAT, INT, INT32, INT64, STRING, type TypeOf } from "./codec.ts";
import { defaulted, masked, optional, record } from "./record.ts";
import { kv, list, tuple } from "./shapes.ts";
import { variant } from "./variant.ts";

export const DISK = variant("a disk", { Local: STRING, VDI: STRING });
export type Disk = TypeOf<typeof DISK>;

const VIDEO_CARD = variant(
  "a video card",
  {
    Cirrus: null,
    Standard_VGA: null,
    Vgpu: null,
    IGD_passthrough: variant("a passthrough", { GVT_d: null }),
  },
  "Cirrus",
);

const NVRAM = record("an NVRAM", {
  on_boot: defaulted(variant("what a boot does", { Persist: null, Reset: null }), "Persist"),
  backend: defaulted(STRING, "xapidb"),
});

export const HVM_INFO = record("an hvm_info", {
  hap: defaulted(BOOL, true),
  shadow_multiplier: defaulted(FLOAT, 1),
  timeoffset: defaulted(STRING, ""),
  video_mib: defaulted(INT, 4),
  video: defaulted(VIDEO_CARD, "Cirrus"),
  acpi: defaulted(BOOL, true),
  serial: masked(STRING),
  keymap: masked(STRING),
  vnc_ip: masked(STRING),
  pci_emulations: defaulted(list(STRING), []),
  pci_passthrough: defaulted(BOOL, false),
  boot_order: defaulted(STRING, ""),
  qemu_disk_cmdline: defaulted(BOOL, false),
  qemu_stubdom: defaulted(BOOL, false),
  firmware: defaulted(variant("a firmware", { Bios: null, Uefi: NVRAM }), "Bios"),
  tpm: masked(variant("a TPM", { Vtpm: STRING })),
});
export type HvmInfo = TypeOf<typeof HVM_INFO>;

const PV_BOOT = variant("a way to boot", {
  Direct: record("a direct boot", {
    kernel: defaulted(STRING, ""),
    cmdline: defaulted(STRING, ""),
    ramdisk: masked(STRING),
  }),
  Indirect: record("an indirect boot", {
    bootloader: defaulted(STRING, ""),
    extra_args: defaulted(STRING, ""),
    legacy_args: defaulted(STRING, ""),
    bootloader_args: defaulted(STRING, ""),
    devices: defaulted(list(DISK), []),
  }),
});

export const PV_INFO = record("a pv_info", {
  boot: PV_BOOT,
  framebuffer: defaulted(BOOL, true),
  framebuffer_ip: masked(STRING),
  vncterm: defaulted(BOOL, true),
  vncterm_ip: masked(STRING),
  pci_passthrough: defaulted(BOOL, false),
});
export type PvInfo = TypeOf<typeof PV_INFO>;

export const BUILDER_INFO = variant("a builder_info", {
  HVM: HVM_INFO,
  PV: PV_INFO,
  PVinPVH: PV_INFO,
  PVH: PV_INFO,
});
export type BuilderInfo = TypeOf<typeof BUILDER_INFO>;

const ACTION = variant("an action", {
  Coredump: null,
  Shutdown: null,
  Start: null,
  Pause: null,
  Softreboot: null,
});
export type Action = TypeOf<typeof ACTION>;

const SCHEDULER_PARAMS = record("scheduler_params", {
  /** Weight and cap. */
  priority: optional(tuple(INT, INT)),
  /** For each virtual processor, the physical ones. */
  affinity: list(list(INT)),
});

export const VM = record("a VM", {
  id: STRING,
  name: defaulted(STRING, "unnamed"),
  ssidref: INT32,
  xsdata: kv(STRING),
  platformdata: kv(STRING),
  bios_strings: kv(STRING),
  ty: BUILDER_INFO,
  suppress_spurious_page_faults: BOOL,
  machine_address_size: optional(INT),
  memory_static_max: INT64,
  memory_dynamic_max: INT64,
  memory_dynamic_min: INT64,
  vcpu_max: INT,
  vcpus: INT,
  scheduler_params: SCHEDULER_PARAMS,
  on_crash: list(ACTION),
  on_shutdown: list(ACTION),
  on_reboot: list(ACTION),
  on_softreboot: defaulted(list(ACTION), ["Softreboot"]),
  pci_msitranslate: BOOL,
  pci_power_mgmt: BOOL,
  has_vendor_device: defaulted(BOOL, false),
  generation_id: optional(STRING),
});
export type Vm = TypeOf<typeof VM>;
