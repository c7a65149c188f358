/**
 * The keyboard controller of a PCAT machine: its memory, whose first octet is the command byte, and
 * the lamps of the keyboard.
 *
 * Source: microsoft/openvmm, vm/devices/chipset/src/i8042. Keys and the mouse are not modelled.
 *
 * @module
 */
import { type I8042SavedControllerState, I8042SavedState } from "../openhcl_state/mod.ts";
import { type DeviceModel, held, type Register, type Registers, within } from "./register.ts";

function octet(at: number, mask: number): Register<I8042SavedControllerState> {
  return {
    mask,
    read: ({ memory }) => memory[at] ?? 0,
    write: (state, value) => ({ ...state, memory: state.memory.with(at, value & mask) }),
  };
}

const MEMORY: Registers<I8042SavedControllerState> = {
  COMMAND_BYTE: octet(0, 0x77),
  ...Object.fromEntries(
    Array.from({ length: 31 }, (_, at) => [`RAM${at + 1}`, octet(at + 1, 0xff)]),
  ),
};

export const I8042: DeviceModel<I8042SavedState, typeof I8042SavedState> = {
  unit: "i8042",
  message: I8042SavedState,
  powerOn: {
    controller: {
      command_flag: 0,
      data_port_target: { variant: "Keyboard", value: {} },
      output_buffer: 0,
      output_buffer_state: { variant: "Empty", value: {} },
      a20_gate: true,
      memory: new Uint8Array(32),
    },
    keyboard: {
      previous_command: null,
      last_output_byte_read: 0,
      led_state: 0,
      output_buffer: new Uint8Array(0),
    },
    mouse: { output_buffer: new Uint8Array(0) },
  },
  registers: {
    ...within("controller", MEMORY),
    ...within("keyboard", { LEDS: held("led_state", 0x07) }),
  },
  save: (state) => state,
  restore: (saved) => saved,
};
