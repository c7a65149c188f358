/**
 * The two 8237 DMA controllers of a PCAT machine.
 *
 * Source: microsoft/openvmm, vm/devices/chipset/src/dma.rs (message), and the 8237A data sheet.
 * Transfers are not modelled; address and count are written and read as whole words.
 *
 * @module
 */
import { type IsaDmaSavedController, IsaDmaSavedState } from "../openhcl_state/mod.ts";
import { type DeviceModel, prefixed, type Register, type Registers, within } from "./register.ts";

const CHANNEL = { address: 0, count: 0, mode: 0, enabled: false };

const CONTROLLER: IsaDmaSavedController = {
  channels: [CHANNEL, CHANNEL, CHANNEL, CHANNEL],
  flip_flop_high: false,
  latched_address: 0,
  latched_count: 0,
  status: 0,
  disabled: false,
};

function word(channel: number, key: "address" | "count"): Register<IsaDmaSavedController> {
  return {
    mask: 0xffff,
    read: ({ channels }) => channels[channel]?.[key] ?? 0,
    write(state, value) {
      const changed = { ...(state.channels[channel] ?? CHANNEL), [key]: value & 0xffff };
      return { ...state, channels: state.channels.with(channel, changed) };
    },
  };
}

const WORDS: Registers<IsaDmaSavedController> = Object.fromEntries(
  [0, 1, 2, 3].flatMap((channel) => [
    [`ADDRESS${channel}`, word(channel, "address")] as const,
    [`COUNT${channel}`, word(channel, "count")] as const,
  ]),
);

function page(at: number): Register<IsaDmaSavedState> {
  return {
    mask: 0xff,
    read: ({ page_registers: pages }) => pages[at] ?? 0,
    write: (state, value) => ({
      ...state,
      page_registers: state.page_registers.with(at, value & 0xff),
    }),
  };
}

const PAGES: Registers<IsaDmaSavedState> = Object.fromEntries(
  Array.from({ length: 16 }, (_, at) => [`PAGE_${(0x80 + at).toString(16)}`, page(at)]),
);

export const ISA_DMA: DeviceModel<IsaDmaSavedState, typeof IsaDmaSavedState> = {
  unit: "dma",
  message: IsaDmaSavedState,
  powerOn: { page_registers: new Uint8Array(16), controller0: CONTROLLER, controller1: CONTROLLER },
  registers: {
    ...PAGES,
    ...prefixed("dma0", within("controller0", WORDS)),
    ...prefixed("dma1", within("controller1", WORDS)),
  },
  save: (state) => state,
  restore: (saved) => saved,
};
