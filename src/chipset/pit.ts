/**
 * The 8254 interval timer of a PCAT machine. A timer counts with virtual time from the instant at
 * which it was last looked at, so that its state stands still while the machine runs.
 *
 * Source: vm/devices/chipset/src/pit.rs. Mode 2, the rate generator, without BCD; output and
 * latches are held. The guest's own view of a count is {@linkcode counterAt}.
 *
 * @module
 */
import { PitSavedState, type PitSavedTimerState } from "../openhcl_state/mod.ts";
import type { DeviceModel, Register, Registers } from "./register.ts";

/** What the timer takes for one count. */
const NANOSECONDS_PER_TICK = 838n;

/** Low and high octet, mode 2. */
const RATE_GENERATOR = 0x34;

const IDLE: PitSavedTimerState = {
  ce: 0,
  cr: 0,
  ol: null,
  sl: null,
  state: { variant: "Inactive", value: {} },
  control: 0x10,
  out: false,
  gate: true,
  null: true,
  read_high: false,
  cr_low: null,
};

/** Starts a timer anew with a count, which for 0 is 65,536. */
function reload(at: number): Register<PitSavedState> {
  return {
    mask: 0xffff,
    read: ({ timers }) => timers[at]?.cr ?? 0,
    write(state, value) {
      const timer: PitSavedTimerState = {
        ...IDLE,
        ce: value,
        cr: value,
        state: { variant: "Active", value: {} },
        control: RATE_GENERATOR,
        out: true,
        null: false,
      };
      return { ...state, timers: state.timers.with(at, timer) };
    },
  };
}

function status(at: number): Register<PitSavedState> {
  return {
    read({ timers }) {
      const { out = false, null: nullCount = true, control = 0 } = timers[at] ?? {};
      return (out ? 0x80 : 0) | (nullCount ? 0x40 : 0) | (control & 0x3f);
    },
  };
}

const REGISTERS: Registers<PitSavedState> = {
  TIMER0: reload(0),
  TIMER1: reload(1),
  TIMER2: reload(2),
  STATUS0: status(0),
  STATUS1: status(1),
  STATUS2: status(2),
};

export const PIT: DeviceModel<PitSavedState, typeof PitSavedState> = {
  unit: "pit",
  message: PitSavedState,
  // The gate of the third timer, the speaker's, is closed.
  powerOn: { timers: [IDLE, IDLE, { ...IDLE, gate: false }], last: 0n },
  registers: REGISTERS,
  touch: (state, vmTime) => ({
    timers: state.timers.map((timer, at) => ({ ...timer, ce: counterAt(state, at, vmTime) })),
    last: vmTime,
  }),
  save: (state) => state,
  restore: (saved) => saved,
};

/** The count of a timer at an instant of virtual time, in units of 100 ns. */
export function counterAt({ timers, last }: PitSavedState, at: number, vmTime: bigint): number {
  const { ce = 0, cr = 0, state } = timers[at] ?? {};
  if (state?.variant !== "Active") return ce;
  const period = cr === 0 ? 0x1_0000 : cr;
  const ticks = Number((((vmTime - last) * 100n) / NANOSECONDS_PER_TICK) % BigInt(period));
  const count = ((ce === 0 ? period : ce) - ticks + period) % period;
  return count === 0 ? period % 0x1_0000 : count;
}
