/**
 * Values, tokens and permissions for random requests: few of each, so that requests meet, and some
 * that are wrong.
 *
 * @module
 */
import type { Draw } from "../seed.ts";
import { oneOf, permille } from "./draws.ts";

export function valueFor(draw: Draw): string {
  if (permille(draw, 15))
    return "v".repeat(oneOf(draw, [1900, 2000, 2024, 2047, 2048, 2049, 3000, 4000]));
  return oneOf(draw, ["", "v", "w", "1", "a\0b", "\xff", "long-value"]);
}

export function tokenFor(draw: Draw): string {
  if (permille(draw, 10)) return "t".repeat(oneOf(draw, [100, 2000, 3000]));
  return oneOf(draw, ["t", "u", "t", "", "x y", "\xfe"]);
}

const DOMIDS = ["0", "5", "5", "6", "6", "7", "8", "9"];
const ODD_DOMIDS = ["", "x", "-1", "32752", "32753", "65535", "010", "0x5", "5 ", " 5", "+5", "5x"];

export function domidFor(draw: Draw): string {
  return oneOf(draw, permille(draw, 80) ? ODD_DOMIDS : DOMIDS);
}

export function permsFor(draw: Draw): string {
  const count = permille(draw, 30) ? draw(9) : 1 + draw(3);
  return Array.from({ length: count }, () => `${permFor(draw)}\0`).join("");
}

function permFor(draw: Draw): string {
  if (permille(draw, 30)) return oneOf(draw, ["", "r", "x5", "R5", "rw5", "5", "b-1", "n 5"]);
  return (
    oneOf(draw, ["n", "r", "w", "b", "b"]) +
    (permille(draw, 900) ? oneOf(draw, DOMIDS) : domidFor(draw))
  );
}

/** Something is wrong with the body of a request. */
export function spoiltBody(draw: Draw, body: string): string {
  const at = draw(body.length + 1);
  return oneOf(draw, [
    body.slice(0, -1),
    body.slice(0, at),
    `${body}\0`,
    `${body}x`,
    "",
    "\0",
    "\0\0",
    `${body.slice(0, at)}\0${body.slice(at)}`,
    `${body.slice(0, at)} ${body.slice(at)}`,
    `\0${body}`,
  ]);
}
