/**
 * How decoding and encoding say that bytes or a value cannot be taken.
 *
 * @module
 */
import { EXIT_FINDING } from "./exit.ts";
import type { FormatError } from "./product.ts";
import type { Session } from "./session.ts";

/** Says why bytes or a value cannot be taken; a finding. Encoding errors name the place. */
export async function tellFailure(
  { message: reason, offset, path }: FormatError,
  json: boolean,
  session: Session<unknown>,
): Promise<void> {
  session.exitCode = EXIT_FINDING;
  if (json) await session.print({ ok: false, reason, offset: offset ?? null, path }, true);
  const where = path === "" ? "" : ` in ${path}`;
  const text =
    offset === undefined ? reason : `Cannot decode input at offset ${offset}${where}: ${reason}`;
  session.shell.tell(`${text}\n`);
}
