/**
 * Replay tokens: a sequence and the daemon that it was found on, as one word for a command line.
 * It holds the steps themselves, so that it means the same when sequences are drawn otherwise.
 *
 * @module
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Step } from "./step.ts";
import { stepOfText, textOfStep } from "./step_text.ts";

const VERSION = "xsp1";
/** A token on a command line is shorter; longer text would not fit there. */
const TEXT_OCTETS_MAX = 2 ** 20;

export function tokenOf(daemon: string, steps: readonly Step[]): string {
  const text = steps.map(textOfStep).join("\n");
  return [VERSION, daemon, deflateRawSync(text).toString("base64url")].join("_");
}

/** The other side of {@linkcode tokenOf}. Throws `RangeError` when it is none. */
export function sequenceOfToken(token: string): {
  readonly daemon: string;
  readonly steps: readonly Step[];
} {
  const [version, daemon = "", ...rest] = token.split("_");
  if (version !== VERSION) throw notWhole(token);
  let text: string;
  try {
    const octets = Buffer.from(rest.join("_"), "base64url");
    text = inflateRawSync(octets, { maxOutputLength: TEXT_OCTETS_MAX }).toString();
  } catch {
    throw notWhole(token);
  }
  return { daemon, steps: text.split("\n").map(stepOfText) };
}

function notWhole(token: string): RangeError {
  return new RangeError(
    `Cannot replay token as it must be whole and begin with ${VERSION}_: current value is ${token}`,
  );
}
