/**
 * Steps as text, one a line, for people and for replay tokens:
 *
 *     c0 TRANSACTION_START > t1 "\0"
 *     dom5 WRITE*3 @t1 "q/%d\0\{v*2048}"
 *     xen DESTROY "5"
 *
 * @module
 */
import { visible } from "../visible.ts";
import type { Step } from "./step.ts";

const LINE = /^(\S+) ([A-Z_]+|type-\d+)(?:\*(\d+))?(?: @(\S+))?(?: > (\S+))? "(.*)"$/s;
/** So many of one character in a row are written as a number. */
const RUN = /([^\\])\1{19,}/gs;

export function textOfStep({ client, kind, tx, opens, body, times }: Step): string {
  const repeated = times === 1 ? "" : `*${times}`;
  const inside = tx === "" ? "" : ` @${tx}`;
  const named = opens === "" ? "" : ` > ${opens}`;
  return `${client} ${kind}${repeated}${inside}${named} ${quoted(body)}`;
}

/** Octets in quotes; those that are no printable ASCII are escaped. */
export function quoted(body: string): string {
  let text = "";
  let from = 0;
  for (const { 0: run, index } of body.matchAll(RUN)) {
    text += `${escaped(body.slice(from, index))}\\{${escaped(run[0] as string)}*${run.length}}`;
    from = index + run.length;
  }
  return visible(`"${text}${escaped(body.slice(from))}"`);
}

function escaped(text: string): string {
  return text.replace(/[^ -~]|["\\{}]/g, (it) => {
    if (it === "\0") return "\\0";
    return `\\x${it.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}

/** The other side of {@linkcode textOfStep}. Throws `RangeError` when it is no step. */
export function stepOfText(line: string): Step {
  const found = LINE.exec(line);
  if (found === null) {
    throw new RangeError(
      `Cannot read step as it must be CLIENT KIND "BODY": current value is ${line}`,
    );
  }
  const [, client = "", kind = "", times = "1", tx = "", opens = "", text = ""] = found;
  return { client, kind, tx, opens, body: unescaped(text), times: Number(times) };
}

function unescaped(text: string): string {
  const single = (it: string) =>
    it.replace(/\\(?:0|x([0-9a-f]{2}))/g, (_, hex: string | undefined) =>
      String.fromCharCode(hex === undefined ? 0 : Number.parseInt(hex, 16)),
    );
  return text
    .split(/(\\\{.*?\*\d+\})/s)
    .map((part) => {
      const run = /^\\\{(.*)\*(\d+)\}$/s.exec(part);
      return run === null ? single(part) : single(run[1] as string).repeat(Number(run[2]));
    })
    .join("");
}
