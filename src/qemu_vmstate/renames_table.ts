/**
 * Names that changed between releases while what is on the wire stayed: fields by the structure
 * that has them, and types of devices.
 *
 * @module
 */

export interface Rename {
  /** All names that it had. */
  readonly names: readonly string[];
  /** Where that can be looked up. */
  readonly source: string;
}

/** Names of sections that a release saves without a device. */
export interface Deviceless extends Rename {
  /** The latest version that it takes, where later ones are written. */
  readonly version?: number;
}

/** Fields whose condition is the same on all machines that matter. */
export interface Settled {
  readonly fields: readonly string[];
  /** Where that can be looked up. */
  readonly source: string;
}

const CHECKER = "QEMU, scripts/vmstate-static-checker.py, check_fields_match()";

const checked = (...names: string[]): Rename => ({ names, source: CHECKER });

const DOWNSTREAM = [
  checked("port.br.dev", "parent_obj.parent_obj.parent_obj"),
  checked("port.br.dev.exp.aer_log", "parent_obj.parent_obj.parent_obj.exp.aer_log"),
];

/** By name of the structure. Beside what the checker of 2014 knew, what it has learnt since. */
export const FIELD_RENAMES: Readonly<Record<string, readonly Rename[]>> = {
  apic: [checked("timer", "timer_expiry")],
  cirrus_vga: [
    checked("hw_cursor_x", "vga.hw_cursor_x"),
    checked("hw_cursor_y", "vga.hw_cursor_y"),
  ],
  e1000: [checked("dev", "parent_obj")],
  ehci: [checked("dev", "pcidev")],
  I440FX: [checked("dev", "parent_obj")],
  ich9_ahci: [checked("card", "parent_obj")],
  "ich9-ahci": [checked("ahci", "ich9_ahci")],
  ioh3420: [checked("PCIDevice", "PCIEDevice")],
  "ioh-3240-express-root-port": DOWNSTREAM,
  lsiscsi: [checked("dev", "parent_obj")],
  mch: [checked("d", "parent_obj")],
  pci_bridge: [checked("bridge.dev", "parent_obj"), checked("bridge.dev.shpc", "shpc")],
  pcnet: [checked("pci_dev", "parent_obj")],
  PIIX3: [checked("pci_irq_levels", "pci_irq_levels_vmstate")],
  piix4_pm: [
    checked("dev", "parent_obj"),
    checked("pci0_status", "acpi_pci_hotplug.acpi_pcihp_pci_status[0x0]"),
    checked("pm1a.sts", "ar.pm1.evt.sts"),
    checked("pm1a.en", "ar.pm1.evt.en"),
    checked("pm1_cnt.cnt", "ar.pm1.cnt.cnt"),
    checked("tmr.timer", "ar.tmr.timer"),
    checked("tmr.overflow_time", "ar.tmr.overflow_time"),
    checked("gpe", "ar.gpe"),
  ],
  rtl8139: [checked("dev", "parent_obj")],
  qxl: [checked("num_surfaces", "ssd.num_surfaces")],
  "usb-ccid": [checked("abProtocolDataStructure", "abProtocolDataStructure.data")],
  "usb-host": [checked("dev", "parent_obj")],
  "usb-mouse": [checked("usb-ptr-queue", "HIDPointerEventQueue")],
  "usb-tablet": [checked("usb-ptr-queue", "HIDPointerEventQueue")],
  vmware_vga: [checked("card", "parent_obj")],
  vmware_vga_internal: [checked("depth", "new_depth")],
  "x3130-upstream": [checked("PCIDevice", "PCIEDevice")],
  xhci: [checked("pci_dev", "parent_obj")],
  "xio3130-downstream": [checked("PCIDevice", "PCIEDevice")],
  "xio3130-express-downstream-port": DOWNSTREAM,
  "xio3130-express-upstream-port": [
    checked("br.dev", "parent_obj.parent_obj"),
    checked("br.dev.exp.aer_log", "parent_obj.parent_obj.exp.aer_log"),
  ],
  pckbd: [
    {
      names: ["pending", "pending_tmp"],
      source: "QEMU, hw/input/pckbd.c, kbd_pre_save() of 6.1: the old meaning in a field for it",
    },
  ],
  hpet: [
    {
      names: ["num_timers", "num_timers_save"],
      source: "QEMU, hw/timer/hpet.c, hpet_pre_save() of 10.0: the same number in a field for it",
    },
  ],
  esp: [
    {
      names: ["data_in_ready", "data_ready"],
      source: "QEMU, hw/scsi/esp.c, vmstate_esp of 9.0: the same flag under another name",
    },
    {
      names: ["ti_cmd", "mig_ti_cmd"],
      source: "QEMU, hw/scsi/esp.c, vmstate_esp of 9.0: read from old streams only",
    },
  ],
};

/** Sections that belonged to no device once, so that a dump has nothing of them. */
export const WITHOUT_DEVICE: readonly Deviceless[] = [
  {
    names: ["ps2kbd", "ps2mouse"],
    source:
      "QEMU, hw/input/ps2.c, ps2_kbd_init() and ps2_mouse_init() until 7.0: vmstate_register()",
  },
  {
    names: ["ipmi-bmc-sim"],
    version: 1,
    source: "QEMU, hw/ipmi/ipmi_bmc_sim.c until 10.1: vmstate_register() without a device",
  },
  {
    names: ["ipmi-interface", "ipmi-interface-isa-bt"],
    source: "QEMU, hw/ipmi/ until 10.1: vmstate_register() without a device",
  },
];

/** Conditions that no machine type meets otherwise which releases without them still have. */
export const SETTLED: Readonly<Record<string, Settled>> = {
  piix4_pm: {
    fields: ["smb"],
    source: "QEMU, hw/acpi/piix4.c, piix4_vmstate_need_smbus(): but for types of 3.1 and before",
  },
  ich9_smb: {
    fields: ["irq_enabled", "smb"],
    source: "QEMU, hw/i2c/smbus_ich9.c, vmstate_ich9_smbus: but for types of 3.1 and before",
  },
  "pcie-root-port": {
    fields: ["parent_obj.parent_obj.parent_obj.parent_obj"],
    source: "QEMU, hw/pci-bridge/gen_pcie_root_port.c, x-migrate-msix: but for types of 2.8",
  },
};

/** Types of devices, whose sections kept their names. */
export const TYPE_RENAMES: readonly Rename[] = [
  {
    names: ["ICH9 LPC", "ICH9-LPC"],
    source: "QEMU, scripts/vmstate-static-checker.py, get_changed_sec_name()",
  },
  {
    names: ["e1000-82540em", "e1000"],
    source: "QEMU, scripts/vmstate-static-checker.py, get_changed_sec_name()",
  },
];
