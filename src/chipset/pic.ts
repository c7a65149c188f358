/**
 * The two 8259 interrupt controllers of a PCAT machine.
 *
 * Source: microsoft/openvmm, vm/devices/chipset/src/pic.rs (message), and the 8259A data sheet.
 * Requests and their service are not modelled; the vector base cannot be read on hardware and shows
 * in the vectors that arrive.
 *
 * @module
 */
import { PicSavedState, type SavedPic } from "../openhcl_state/mod.ts";
import { type DeviceModel, held, prefixed, type Register, within } from "./register.ts";

const UNINITIALIZED: SavedPic = {
  init: { variant: "Uninitialized", value: {} },
  icw2: 0,
  imr: 0,
  ocw3: 0,
  isr: 0,
  elcr: 0,
  line_low_latch: 0,
};

/** The four initialisation words in a row; they open all lines. */
const VECTOR_BASE: Register<SavedPic> = {
  mask: 0xf8,
  read: ({ icw2 }) => icw2,
  write: (state, value) => ({
    ...state,
    init: { variant: "Initialized", value: {} },
    icw2: value & 0xf8,
    imr: 0,
  }),
};

/** `elcrMask`: lines that may be level triggered. */
function registersOf(elcrMask: number) {
  return { VECTOR_BASE, IMR: held<SavedPic, "imr">("imr", 0xff), ELCR: elcr(elcrMask) };
}

function elcr(mask: number): Register<SavedPic> {
  return held("elcr", mask);
}

export const PIC: DeviceModel<PicSavedState, typeof PicSavedState> = {
  unit: "pic",
  message: PicSavedState,
  powerOn: { primary: UNINITIALIZED, secondary: UNINITIALIZED },
  registers: {
    ...prefixed("primary", within("primary", registersOf(0xf8))),
    ...prefixed("secondary", within("secondary", registersOf(0xde))),
  },
  save: (state) => state,
  restore: (saved) => saved,
};
