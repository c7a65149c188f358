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

const CHECKER = "QEMU, scripts/vmstate-static-checker.py, check_fields_match()";

const checked = (...names: string[]): Rename => ({ names, source: CHECKER });

/** By name of the structure. */
export const FIELD_RENAMES: Readonly<Record<string, readonly Rename[]>> = {
  e1000: [checked("dev", "parent_obj")],
  ehci: [checked("dev", "pcidev")],
  I440FX: [checked("dev", "parent_obj")],
  ich9_ahci: [checked("card", "parent_obj")],
  "ioh-3240-express-root-port": [checked("port.br.dev", "parent_obj.parent_obj.parent_obj")],
  mch: [checked("d", "parent_obj")],
  pci_bridge: [checked("bridge.dev", "parent_obj"), checked("bridge.dev.shpc", "shpc")],
  pcnet: [checked("pci_dev", "parent_obj")],
  PIIX3: [checked("pci_irq_levels", "pci_irq_levels_vmstate")],
  piix4_pm: [
    checked("dev", "parent_obj"),
    checked("pci0_status", "acpi_pci_hotplug.acpi_pcihp_pci_status[0x0]"),
  ],
  rtl8139: [checked("dev", "parent_obj")],
  qxl: [checked("num_surfaces", "ssd.num_surfaces")],
  "usb-host": [checked("dev", "parent_obj")],
  "usb-mouse": [checked("usb-ptr-queue", "HIDPointerEventQueue")],
  "usb-tablet": [checked("usb-ptr-queue", "HIDPointerEventQueue")],
  xhci: [checked("pci_dev", "parent_obj")],
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
export const WITHOUT_DEVICE: readonly Rename[] = [
  {
    names: ["ps2kbd", "ps2mouse"],
    source:
      "QEMU, hw/input/ps2.c, ps2_kbd_init() and ps2_mouse_init() until 7.0: vmstate_register()",
  },
  {
    names: ["ipmi-bmc-sim", "ipmi-interface", "ipmi-interface-isa-bt"],
    source: "QEMU, hw/ipmi/ until 10.1: vmstate_register() without a device",
  },
];

/** Types of devices, whose sections kept their names. */
export const TYPE_RENAMES: readonly Rename[] = [
  {
    names: ["ICH9 LPC", "ICH9-LPC"],
    source: "QEMU, scripts/vmstate-static-checker.py, get_changed_sec_name()",
  },
];
