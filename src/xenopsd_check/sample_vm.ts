/**
 * The VM that operations are tried on: two disks, two network interfaces and a PCI device, each
 * disk on storage of its own.
 *
 * @module
 */
import type { Pci, Vbd, Vif, Vm, Vusb } from "../xenops_interface/mod.ts";

const MIB = 2n ** 20n;

const HVM = {
  hap: true,
  shadow_multiplier: 1,
  timeoffset: "",
  video_mib: 4,
  video: "Cirrus",
  acpi: true,
  pci_emulations: [],
  pci_passthrough: false,
  boot_order: "cd",
  qemu_disk_cmdline: false,
  qemu_stubdom: false,
  firmware: "Bios",
} as const;

export function sampleVm(id: string): Vm {
  return {
    id,
    name: id,
    ssidref: 0,
    xsdata: [],
    platformdata: [["acpi", "1"]],
    bios_strings: [],
    ty: ["HVM", HVM],
    suppress_spurious_page_faults: false,
    memory_static_max: 512n * MIB,
    memory_dynamic_max: 512n * MIB,
    memory_dynamic_min: 256n * MIB,
    vcpu_max: 2,
    vcpus: 2,
    scheduler_params: { affinity: [] },
    on_crash: ["Shutdown"],
    on_shutdown: ["Shutdown"],
    on_reboot: ["Start"],
    on_softreboot: ["Softreboot"],
    pci_msitranslate: true,
    pci_power_mgmt: false,
    has_vendor_device: false,
  };
}

export function sampleVbds(vm: string): Vbd[] {
  return ["xvda", "xvdb"].map((dev) => ({
    id: [vm, dev],
    mode: dev === "xvda" ? "ReadWrite" : "ReadOnly",
    backend: ["Local", `/dev/${vm}/${dev}`],
    ty: "Disk",
    unpluggable: true,
    extra_backend_keys: [],
    extra_private_keys: [],
    persistent: true,
    can_attach_early: false,
  }));
}

export function sampleVifs(vm: string): Vif[] {
  return [0, 1].map((position) => ({
    id: [vm, `${position}`],
    position,
    mac: `fe:ff:ff:ff:ff:0${position}`,
    carrier: true,
    mtu: 1500,
    backend: ["Local", "xenbr0"],
    other_config: [],
    locking_mode: "Unlocked",
    extra_private_keys: [],
    ipv4_configuration: "Unspecified4",
    ipv6_configuration: "Unspecified6",
    trunks: [],
  }));
}

export function samplePci(vm: string): Pci {
  return { id: [vm, PCI_DEVICE], position: 0, address: { domain: 0, bus: 0, dev: 1, fn: 0 } };
}

export function sampleVusb(vm: string): Vusb {
  const where = { hostbus: "1", hostport: "1", version: "2.0", path: "/dev/bus/usb/1/2" };
  return { id: [vm, "vusb0"], ...where, speed: 480 };
}

export const PCI_DEVICE = "0000:00:01.0";
