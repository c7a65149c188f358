/**
 * A saved state of PCI functions that never was a release's: base addresses, whose number depends
 * on the type of function, are in a message of their own. State from before the split has none,
 * and as an array has no default, it does not decode (PR 2603). A seeded defect.
 *
 * Source: vm/devices/pci/pci_core/src/cfg_space_emu.rs; microsoft/openvmm, pulls 2603 and 2623.
 *
 * @module
 */
import { PciCfgSpaceEmuSavedState } from "../openhcl_state/mod.ts";
import { type Field, field, type Message, message } from "../schema/message.ts";
import { array, nested, type Type, u32 } from "../schema/type.ts";
import type { DeviceModel } from "./register.ts";

type Device = DeviceModel<object, Message>;

/** The release that had the other shape at first. */
const SPLIT = { since: "1.7.2511" };

const BARS = 6;

const TypeState = message(
  "pci.cfg_space_emu.SavedTypeState",
  PciCfgSpaceEmuSavedState.source,
  [field(1, "base_addresses", array(u32, BARS))],
  SPLIT,
);

const SplitConfig = message(PciCfgSpaceEmuSavedState.name, PciCfgSpaceEmuSavedState.source, [
  ...PciCfgSpaceEmuSavedState.fields,
  field(19, "type_state", nested(TypeState), SPLIT),
]);

const NO_BARS: readonly number[] = new Array(BARS).fill(0);

/** `device` as it is saved with the split; the same one when it is no PCI function. */
export function withSplitPciConfig(device: Device): Device {
  const fields = device.message.fields.map(splitField);
  if (fields.every((it, at) => it === device.message.fields[at])) return device;
  return {
    ...device,
    message: { ...device.message, fields },
    save(state) {
      const saved = device.save(state) as { readonly cfg_space: object };
      return {
        ...saved,
        cfg_space: { ...saved.cfg_space, type_state: { base_addresses: NO_BARS } },
      };
    },
  };
}

function splitField(it: Field): Field {
  const { type } = it;
  const isConfig = type.kind === "message" && type.message.name === PciCfgSpaceEmuSavedState.name;
  return isConfig ? { ...it, type: nested(SplitConfig) as Type } : it;
}
