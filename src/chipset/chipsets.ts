/**
 * The devices of each kind of machine, in the order in which they are built.
 *
 * Source: vmm_core/vm_manifest_builder (`HypervGen1`, `HypervGen2Uefi` on x64),
 * vmm_core/vmotherboard/src/base_chipset.rs (names). Left out are devices without a state of
 * interest: serial ports, super I/O with its floppy, the USB stub, the VGA proxy, battery.
 *
 * @module
 */
import type { Message } from "../schema/message.ts";
import { CMOS_RTC, PIIX4_CMOS_RTC } from "./cmos_rtc.ts";
import { GUEST_WATCHDOG } from "./guest_watchdog.ts";
import { HOST_PCI_BRIDGE } from "./i440bx.ts";
import { I8042 } from "./i8042.ts";
import { IDE } from "./ide.ts";
import { IO_APIC } from "./ioapic.ts";
import { PCI_ISA_BRIDGE } from "./isa_bridge.ts";
import { ISA_DMA } from "./isa_dma.ts";
import { PCAT } from "./pcat.ts";
import { PIIX4_PCI_BUS } from "./pci_bus.ts";
import { PIC } from "./pic.ts";
import { PIIX4_PM } from "./piix4_pm.ts";
import { PIT } from "./pit.ts";
import { PM } from "./pm.ts";
import type { DeviceModel } from "./register.ts";
import { TPM } from "./tpm.ts";

type Device = DeviceModel<object, Message>;

/** A machine of generation 2. Its firmware, which is a device too, has a unit of its own. */
export const UEFI_CHIPSET: readonly Device[] = [IO_APIC, CMOS_RTC, PM, GUEST_WATCHDOG, TPM];

/** A machine of generation 1. */
export const PCAT_CHIPSET: readonly Device[] = [
  PIC,
  IO_APIC,
  PIIX4_PCI_BUS,
  HOST_PCI_BRIDGE,
  ISA_DMA,
  PCI_ISA_BRIDGE,
  IDE,
  PIIX4_CMOS_RTC,
  PIIX4_PM,
  PCAT,
  I8042,
  PIT,
];
