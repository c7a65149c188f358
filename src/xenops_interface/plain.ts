/**
 * A VM and its devices with nothing special about them, for whoever has to add one: models under
 * check, cases and tests. What matters to them is said in `changes`. Options are there and
 * `undefined`, so that who goes through all fields of one misses none.
 *
 * @module
 */
import type { Pci } from "./pci.ts";
import type { Vbd } from "./vbd.ts";
import type { Vif } from "./vif.ts";
import type { HvmInfo, Vm } from "./vm.ts";
import type { Vusb } from "./vusb.ts";

const MIB = 2n ** 20n;

/** With a BIOS and emulated devices. */
export const PLAIN_HVM: HvmInfo = {
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
};

/** An HVM guest with 256 to 512 MiB of memory and two processors. */
export function vmOf(id: string, changes: Partial<Vm> = {}): Vm {
  return {
    id,
    name: `name of ${id}`,
    ssidref: 0,
    xsdata: [],
    platformdata: [],
    bios_strings: [],
    ty: ["HVM", PLAIN_HVM],
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

/**
 * A disk that can be written, such as `xvda`. Its path does not name the VM: where a VM changes its
 * id, the id is replaced in all texts of its metadata, and the disk would be another one.
 */
export function vbdOf(vm: string, device: string, changes: Partial<Vbd> = {}): Vbd {
  return {
    id: [vm, device],
    position: undefined,
    mode: "ReadWrite",
    backend: ["Local", `/dev/shared/${device}`],
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

/** A network interface; `position` is one digit. */
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

/** The device with that number on the first bus, one digit, at the place of the same number. */
export function pciOf(vm: string, dev: number, changes: Partial<Pci> = {}): Pci {
  return {
    id: [vm, `0000:00:0${dev}.0`],
    position: dev,
    address: { domain: 0, bus: 0, dev, fn: 0 },
    msitranslate: undefined,
    power_mgmt: undefined,
    ...changes,
  };
}

/** A device at high speed; the interface has megabits in a second. */
export function vusbOf(vm: string, name: string): Vusb {
  const where = { hostbus: "1", hostport: "1", version: "2.0", path: "/dev/bus/usb/1/2" };
  return { id: [vm, name], ...where, speed: 480 };
}
