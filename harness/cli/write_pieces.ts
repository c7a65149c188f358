/**
 * Output of many pieces, which may be more than fits into one text: written some at a time.
 *
 * @module
 */
import type { Session } from "./session.ts";

/** Pieces that are written at a time, and characters that are enough for once. */
const BATCH = 1000;
const BATCH_LENGTH = 2 ** 20;

/** Writes pieces, each followed by `end`. */
export async function writePieces(
  pieces: Iterable<string>,
  session: Session<unknown>,
  end = "",
): Promise<void> {
  let batch: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    length += piece.length;
    if (batch.push(piece, end) < 2 * BATCH && length < BATCH_LENGTH) continue;
    await session.shell.write(batch.join(""));
    batch = [];
    length = 0;
  }
  await session.shell.write(batch.join(""));
}
