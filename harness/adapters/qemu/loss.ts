/**
 * What has become of a QEMU whose monitor is lost: it ended, or it is there and does not answer.
 *
 * @module
 */
import { CrashedError, HungError, RefusedError } from "../../adapter.ts";
import type { Emulator } from "./emulator.ts";
import { type Ending, FLOOD_SIZE } from "./launched.ts";
import type { MonitorLost } from "./monitor.ts";
import { classified, cleaned, declines } from "./words.ts";

/** What `error` says of `emulator`; an end is waited for. */
export async function lossOf(
  emulator: Pick<Emulator, "exited" | "stderr">,
  { isEnd, message }: MonitorLost,
): Promise<Error> {
  const words = cleaned(emulator.stderr);
  if (!isEnd) return new HungError(`hang: ${message}: ${words}`);
  return brokenBy(await emulator.exited, cleaned(emulator.stderr));
}

/** Whether it was somebody else who has asked it to end, which says nothing of a machine. */
export function isMeddled(words: string): boolean {
  return /terminating on signal \d+/.test(words);
}

/** How an end that nobody asked for is called. */
export function brokenBy({ code, signal, flooded }: Ending, words: string): Error {
  if (isMeddled(words)) return new Error(`somebody has ended a QEMU: ${words}`);
  if (flooded === true) {
    const most = `${FLOOD_SIZE / 1024 ** 2} MiB`;
    return new HungError(`hang: it was ended after more than ${most} on standard error: ${words}`);
  }
  if (signal === "SIGKILL") return new HungError(`hang: it was ended: ${words}`);
  return new CrashedError(`crash: ${signal ?? `exit code ${code}`}: ${words}`);
}

/** The same where it may have ended as it declined a machine, which it says in known words. */
export function endedBy(ending: Ending, words: string): Error {
  const declined = ending.signal === null && declines(words);
  return declined ? new RefusedError(classified(words)) : brokenBy(ending, words);
}
