/**
 * A guest at work that goes ahead of its memory: it runs where it comes to while most of its pages
 * are still where it was, and gets each when it needs it.
 *
 * Source: QEMU, docs/devel/migration/postcopy.rst.
 *
 * @module
 */
import { sendBehind, turnOn } from "./agreement.ts";
import type { Guest } from "./guest.ts";
import type { Counters } from "./guest_counters.ts";
import { booted, type GuestMachine, takeOver } from "./guest_modes.ts";
import type { Program } from "./installation.ts";

/** An end of the way: a release, and the machine that it has. */
export interface End {
  readonly program: Program;
  readonly machine: GuestMachine;
}

/** Sends a fresh guest of `from` into `to`. Answers it there, and what it had counted before. */
export async function goAhead(
  from: End,
  to: End,
): Promise<{ readonly guest: Guest; readonly before: Counters }> {
  await using writer = await booted(from.program, from.machine);
  const guest = await takeOver(to.program, to.machine);
  try {
    for (const { emulator } of [guest, writer]) await turnOn(emulator, ["postcopy-ram"]);
    if (!(await sendBehind(writer.emulator, guest.emulator))) {
      throw new Error("all of its memory had come before it went ahead");
    }
    return { guest, before: await writer.counters() };
  } catch (error) {
    await guest[Symbol.asyncDispose]();
    throw error;
  }
}
