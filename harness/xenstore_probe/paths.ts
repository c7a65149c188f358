/**
 * Paths for random requests: few names, so that requests meet, and some that are wrong.
 *
 * @module
 */
import type { Draw } from "../seed.ts";
import { oneOf, permille } from "./draws.ts";

const NAMES = ["a", "b", "c", "a", "b", "x-1", "_", "A@"];
const SPECIALS = ["@releaseDomain", "@introduceDomain", "@releaseDomain", "@other", "@"];
const WRONG_PATHS = [
  "",
  "//",
  "/a/",
  "a/",
  "/a//b",
  "/a b",
  "/a.b",
  "/\xe9",
  "/a\x01",
  "@a/b",
  "/@",
];
const LONG = ["/", "/local/domain/5/", "", "/a/"];
const LONG_LENGTHS = [
  255, 1000, 1008, 1023, 1024, 1025, 2040, 2047, 2048, 2049, 3050, 3071, 3072, 3073,
];

export function pathFor(draw: Draw): string {
  if (permille(draw, 25)) return oneOf(draw, SPECIALS);
  if (permille(draw, 25)) return oneOf(draw, WRONG_PATHS);
  if (permille(draw, 12)) return longPath(draw);
  if (permille(draw, 25))
    return oneOf(draw, ["/", "/tool", "/tool/xenstored", "/local", "/local/domain"]);
  const base = oneOf(draw, ["/", "/", "/", "", "", "/local/domain/5/", "/local/domain/6/"]);
  if (base.length > 1 && permille(draw, 150)) return base.slice(0, -1);
  const depth = 1 + draw(3);
  return base + Array.from({ length: depth }, () => oneOf(draw, NAMES)).join("/");
}

function longPath(draw: Draw): string {
  const front = oneOf(draw, LONG);
  return front.padEnd(oneOf(draw, LONG_LENGTHS), "p");
}
