/**
 * Whatever octets come, what is repaired is right and stays as it is when it is repaired again; or
 * it is refused in one line. Every fixture is cut at every length, and has every octet changed;
 * of large ones some lengths and octets. Deno and Bun, on which the outcome does not depend, take
 * fewer of both.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { fixture, fixtureNames } from "./fixture.ts";
import {
  type Forced,
  isDump,
  type Repair,
  RepairError,
  repair,
  StreamError,
  TARGET_NAMES,
} from "./mod.ts";

const NAMES = [...fixtureNames("streams", ""), ...fixtureNames("injected", ".bin")];
/** From this size on, each thirteenth length and octet is tried. */
const LARGE = 1100;
const onNode = process.versions.deno === undefined && process.versions.bun === undefined;
/** One bit at either end of an octet, or all of them. */
const MASKS = [0x01, 0x80, 0xff];

/** What is repaired; undefined when that is refused, which must be one line. */
function attempt(
  octets: Uint8Array,
  target: string,
  where: string,
  forced: Forced = {},
): Repair | undefined {
  try {
    return repair(octets, target, forced);
  } catch (error) {
    assert.ok(error instanceof RepairError || error instanceof StreamError, `${where}: ${error}`);
    assert.doesNotMatch(error.message, /\n/);
    return undefined;
  }
}

function layoutOf(octets: Uint8Array): Forced {
  return { layout: octets[11] === 1 ? "1" : "2" };
}

/** Octets that were repaired need no repair. */
function attack(octets: Uint8Array, target: string, where: string): void {
  const once = attempt(octets, target, where);
  if (once === undefined) return;
  if (once.changeCount === 0) assert.equal(Buffer.compare(once.octets, octets), 0, where);
  for (const { offset, text, lost = "" } of once.changes) {
    assert.ok(offset >= 0 && offset <= octets.length, `${where}: ${offset} ${text}`);
    assert.match(`${text}${lost}`, /^[ -~]*$/, where);
  }
  // A stream of few records may be in more than one layout.
  const layout = target === "draft" || isDump(once.octets) ? {} : layoutOf(once.octets);
  const named = target === "draft" ? { layout: "draft" as const } : layout;
  const twice = attempt(once.octets, target, where, named);
  assert.deepEqual(twice?.changes, [], where);
  assert.equal(Buffer.compare(twice?.octets ?? new Uint8Array(), once.octets), 0, where);
}

for (const [index, name] of NAMES.entries()) {
  const octets = fixture(name);
  // Steps are coprime to the numbers of masks and targets, so that each has its turn.
  const step = (octets.length > LARGE ? 13 : 1) * (onNode ? 1 : 7);
  // Each target has its turn with each octet of some fixture.
  const targetAt = (at: number) => TARGET_NAMES[(at + index) % TARGET_NAMES.length] as string;

  test(`repair() of ${name} for each target`, () => {
    for (const target of TARGET_NAMES) attack(octets, target, `${name} for ${target}`);
  });

  test(`repair() of ${name}, cut at every length`, { timeout: 120_000 }, () => {
    for (let length = 0; length < octets.length; length += step) {
      const target = targetAt(length);
      attack(octets.subarray(0, length), target, `${name} cut at ${length} for ${target}`);
    }
  });

  test(`repair() of ${name}, with each octet changed`, { timeout: 120_000 }, () => {
    const changed = octets.slice();
    for (let at = 0; at < octets.length; at += step) {
      const target = targetAt(at);
      const mask = MASKS[at % MASKS.length] as number;
      changed[at] = (octets[at] as number) ^ mask;
      attack(changed, target, `${name} with octet ${at} changed by ${mask} for ${target}`);
      changed[at] = octets[at] as number;
    }
  });
}
