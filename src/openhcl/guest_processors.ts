/**
 * Processors that run a guest: registers of each one follow a seed, and the first one is at another
 * place in each turn.
 *
 * @module
 */
import { octetsOf, wordOf } from "../machine/mod.ts";
import { perState } from "./blob.ts";
import { VP_COUNT } from "./guest_content.ts";
import { NO_MESSAGES, type Processor } from "./processor.ts";

/** The slot of VMBus messages. */
const VMBUS_SINT = 2;

/** The processors of the guest in its turn `turn`, where the others stay as they `were`. */
export function processorsInTurn(
  were: readonly Processor[],
  seed: number,
  turn: number,
): readonly Processor[] {
  const key = seed * 1_000 + turn;
  known[key] ??=
    turn === 0
      ? always(newProcessors(seed))
      : perState((processors) => moved(processors, newProcessor(seed, 1_000 * turn)));
  return known[key](were);
}

/** By guest and turn; the same objects for the same guest. */
const known: ((were: readonly Processor[]) => readonly Processor[])[] = [];

function always(processors: readonly Processor[]) {
  return () => processors;
}

/** The first processor is where `to` is, with what does not come and go by itself. */
function moved([first = NOBODY, ...others]: readonly Processor[], to: Processor) {
  return [{ ...to, crash_reg: first.crash_reg, queues: first.queues }, ...others];
}

/** The processors with a message for the first one that waits for its slot. */
export function withMessage([first, ...others]: readonly Processor[]): readonly Processor[] {
  if (first === undefined) return others;
  const message = new Uint8Array(256);
  // Type 1 with four octets, as of a channel message.
  message.set([1, 0, 0, 0, 4, 0, 0, 0]);
  return [{ ...first, queues: first.queues.with(VMBUS_SINT, [message]) }, ...others];
}

function newProcessors(seed: number): Processor[] {
  return Array.from({ length: VP_COUNT }, (_, index) => newProcessor(seed, 100 * index));
}

function newProcessor(seed: number, at: number): Processor {
  const wide = (index: number) =>
    (BigInt(wordOf(seed, at + index)) << 32n) | BigInt(wordOf(seed, at + index + 50));
  return {
    rax: wide(0),
    rcx: wide(1),
    rdx: wide(2),
    rbx: wide(3),
    cr2: wide(4),
    rbp: wide(5),
    rsi: wide(6),
    rdi: wide(7),
    r8: wide(8),
    r9: wide(9),
    r10: wide(10),
    r11: wide(11),
    r12: wide(12),
    r13: wide(13),
    r14: wide(14),
    r15: wide(15),
    fx_state: octetsOf(seed, at, 16),
    dr0: wide(16),
    dr1: wide(17),
    dr2: 0n,
    dr3: 0n,
    dr6: 0xffff_0ff0n,
    startup_suspend: false,
    crash_reg: [wide(18), wide(19), 0n, 0n, wide(20)],
    crash_control: 0n,
    queues: NO_MESSAGES,
  };
}

const NOBODY = newProcessor(0, 0);
