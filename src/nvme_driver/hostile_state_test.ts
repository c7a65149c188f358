import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ChainError, Panic, Stuck } from "../machine/mod.ts";
import type { NvmeRelease } from "./release.ts";
import { RELEASE_2505 } from "./release_2505.ts";
import { RELEASE_2511 } from "./release_2511.ts";
import { RELEASE_MAIN } from "./release_2607.ts";
import { type Left, TestMachine } from "./test_machine.ts";

type Path = readonly (string | number)[];

/** Paths of all numbers and octets in `value`. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value === "number" || typeof value === "bigint") return [path];
  if (value instanceof Uint8Array) return value.length === 64 ? [path] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => pathsOf(part, [...path, name]));
}

/** `value` with what is at `path` replaced; a command has one octet replaced. */
function replaced(value: unknown, [name, ...rest]: Path, by: number): unknown {
  if (typeof value === "bigint") return BigInt(by);
  if (value instanceof Uint8Array) return value.with(by % value.length, by >>> 8);
  if (name === undefined || typeof value !== "object" || value === null) return by;
  const part = replaced(value[name as keyof typeof value], rest, by);
  if (Array.isArray(value)) return value.with(Number(name), part);
  return { ...value, [name]: part };
}

/** A servicing with I/O in flight, of which one value is another, and I/O after it. */
function serviceWith(release: NvmeRelease, at: number, by: number): void {
  const machine = new TestMachine().open({ release }).use(0, 2, 3);
  machine.controller.hold(2);
  machine.submit(2);
  const left = machine.settle().leave();
  const paths = pathsOf(left.nvme);
  const path = paths[at % paths.length] ?? assert.fail("no numbers");
  const nvme = replaced(left.nvme, path, by) as Left["nvme"];
  machine.open({ release }, { dma: left.dma, nvme });
  machine.controller.release();
  machine.use(0, 1, 2, 3).leave();
}

test("a state with a wrong number ends in an error, a panic or a hang of the model", () => {
  const number = fc.oneof(fc.nat(3), fc.nat(300), fc.nat(0xffff), fc.nat(0xffff_ffff));
  const release = fc.constantFrom(RELEASE_2505, RELEASE_2511, RELEASE_MAIN);
  fc.assert(
    fc.property(release, fc.nat(10_000), number, (of, at, by) => {
      try {
        serviceWith(of, at, by);
      } catch (error) {
        const known = [ChainError, Panic, Stuck].some((kind) => error instanceof kind);
        assert.ok(known, String(error));
      }
    }),
    { numRuns: 300, seed: 3 },
  );
});
