/**
 * `freezethaw decode --repair`: writes a stream that was repaired, and says what was changed.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { EXIT_FINDING, UsageError } from "./exit.ts";
import type { RepairedStream, StreamChange } from "./product.ts";
import type { Session } from "./session.ts";

/** Writes the octets to `out`; exits with a finding when something is lost. */
export async function repairStream(
  repaired: RepairedStream,
  out: string,
  json: boolean,
  session: Session<unknown>,
): Promise<void> {
  try {
    writeFileSync(out, repaired.octets);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`Cannot write ${out}: ${code ?? String(error)}`);
  }
  if (repaired.lossCount > 0) session.exitCode = EXIT_FINDING;
  await session.shell.write(json ? `${JSON.stringify(jsonOf(repaired))}\n` : textOf(repaired, out));
}

function jsonOf({ octets, ...repaired }: RepairedStream) {
  const { target, layout, why, changes, changeCount, lossCount, holds } = repaired;
  const counts = { change_count: changeCount, loss_count: lossCount };
  return { ok: true, target, layout, why, changes, ...counts, holds, size: octets.length };
}

function textOf(repaired: RepairedStream, out: string): string {
  const { layout, why, target, changes, changeCount, lossCount, holds, octets } = repaired;
  const unlisted = changeCount - changes.length;
  const counts = Object.entries(holds).map(([name, count]) => `${count} ${name}`);
  const lines = [
    `layout ${layout}: ${why}`,
    ...changes.map(lineOf),
    ...(unlisted > 0 ? [`and ${unlisted} more changes`] : []),
    changeCount === 0
      ? `nothing was changed: ${target} accepts it as it is`
      : `changes for ${target}: ${changeCount}, of which ${lossCount} lose something`,
    `${out}: ${octets.length} octets, with ${counts.join(", ")}`,
  ];
  return `${lines.join("\n")}\n`;
}

function lineOf({ action, offset, section, text, lost }: StreamChange): string {
  const line = `${action} at offset ${offset}, ${section}: ${text}`;
  return lost === undefined ? line : `${line}; lost: ${lost}`;
}
