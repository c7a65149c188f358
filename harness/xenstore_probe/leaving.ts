/**
 * Clients that go in the middle of something: of a header, of a body, of an answer that they have
 * not read, or of transactions and watches.
 *
 * @module
 */
import { encodeMessage, TYPE } from "../../src/xenstore/mod.ts";
import type { Draw } from "../seed.ts";
import { oneOf, permille } from "./draws.ts";
import { pathFor } from "./paths.ts";
import { LEAVE, type Step, step } from "./step.ts";

const CLIENTS = ["c0", "c1", "c1", "c2", "c2"];
/** Steps in a thousand that a client goes before. */
const SHARE = 12;
const HEADER = 16;

/** `steps` with clients that leave in between. */
export function withLeaving(draw: Draw, steps: readonly Step[]): Step[] {
  return steps.flatMap((one) => (permille(draw, SHARE) ? [leaving(draw), one] : [one]));
}

function leaving(draw: Draw): Step {
  const whole = requestOf(draw);
  const cut = oneOf(draw, [0, draw(HEADER), draw(whole.length), whole.length]);
  // Behind a whole request comes a part of a header at most: C xenstored waits for a body.
  const more = cut === whole.length ? requestOf(draw).slice(0, draw(HEADER)) : "";
  return step(oneOf(draw, CLIENTS), LEAVE, whole.slice(0, cut) + more);
}

function requestOf(draw: Draw): string {
  const path = pathFor(draw);
  const [type, body] = oneOf(draw, [
    [TYPE.WRITE, `${path}\0value`],
    [TYPE.READ, `${path}\0`],
    [TYPE.MKDIR, `${path}\0`],
    [TYPE.RM, `${path === "/" ? "/a" : path}\0`],
    [TYPE.WATCH, `${path}\0left\0`],
    [TYPE.TRANSACTION_START, "\0"],
  ] as const);
  const octets = encodeMessage(type, { reqId: 1, txId: 0 }, body);
  return Buffer.from(octets).toString("latin1");
}
