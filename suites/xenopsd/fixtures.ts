/**
 * Virtual machines and devices that cases add.
 *
 * @module
 */
import type { Pci, Vbd, Vif, Vm } from "../../src/xenops_interface/mod.ts";

const MIB = 2n ** 20n;

/** A VM with firmware and emulated devices, 256 to 512 MiB of memory and two processors. */
export function vmOf(id: string, changes: Partial<Vm> = {}): Vm {
  return {
    id,
    name: `name of ${id}`,
    ssidref: 0,
    xsdata: [],
    platformdata: [],
    bios_strings: [],
    ty: ["HVM", HVM],
    suppress_spurious_page_faults: false,
    machine_address_size: undefined,
    memory_static_max: 512n * MIB,
    memory_dynamic_max: 512n * MIB,
    memory_dynamic_min: 256n * MIB,
    vcpu_max: 2,
    vcpus: 2,
    scheduler_params: { priority: undefined, affinity: [] },
    on_crash: ["Shutdown"],
    on_shutdown: ["Shutdown"],
    on_reboot: ["Start"],
    on_softreboot: ["Softreboot"],
    pci_msitranslate: true,
    pci_power_mgmt: false,
    has_vendor_device: false,
    generation_id: undefined,
    ...changes,
  };
}

const HVM = {
  hap: true,
  shadow_multiplier: 1,
  timeoffset: "",
  video_mib: 4,
  video: "Cirrus",
  acpi: true,
  serial: undefined,
  keymap: undefined,
  vnc_ip: undefined,
  pci_emulations: [],
  pci_passthrough: false,
  boot_order: "cd",
  qemu_disk_cmdline: false,
  qemu_stubdom: false,
  firmware: "Bios",
  tpm: undefined,
} as const;

/** The same with a firmware that keeps variables, and a TPM. */
export const UEFI: Vm["ty"] = [
  "HVM",
  { ...HVM, firmware: ["Uefi", { on_boot: "Persist", backend: "xapidb" }], tpm: ["Vtpm", "tpm"] },
];

/** Without firmware and emulated devices. */
export const PV: Vm["ty"] = [
  "PV",
  {
    boot: ["Direct", { kernel: "/boot/vmlinuz", cmdline: "", ramdisk: undefined }],
    framebuffer: true,
    framebuffer_ip: undefined,
    vncterm: true,
    vncterm_ip: undefined,
    pci_passthrough: false,
  },
];

export function vbdOf(vm: string, device: string, changes: Partial<Vbd> = {}): Vbd {
  return {
    id: [vm, device],
    position: undefined,
    mode: "ReadWrite",
    backend: ["Local", `/dev/of/${device}`],
    ty: "Disk",
    unpluggable: true,
    extra_backend_keys: [],
    extra_private_keys: [],
    qos: undefined,
    persistent: true,
    can_attach_early: false,
    ...changes,
  };
}

export function vifOf(vm: string, position: number, changes: Partial<Vif> = {}): Vif {
  return {
    id: [vm, `${position}`],
    position,
    mac: `fe:ff:ff:ff:ff:0${position}`,
    carrier: true,
    mtu: 1500,
    rate: undefined,
    backend: ["Local", "xenbr0"],
    other_config: [],
    locking_mode: "Unlocked",
    extra_private_keys: [],
    ipv4_configuration: "Unspecified4",
    ipv6_configuration: "Unspecified6",
    pvs_proxy: undefined,
    vlan: undefined,
    trunks: [],
    ...changes,
  };
}

export function pciOf(vm: string, position: number): Pci {
  return {
    id: [vm, `0000:00:0${position}.0`],
    position,
    address: { domain: 0, bus: 0, dev: position, fn: 0 },
    msitranslate: undefined,
    power_mgmt: undefined,
  };
}
