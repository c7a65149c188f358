/**
 * An oracle's word on an edge made by hand, for tests of oracles.
 *
 * @module
 */
import assert from "node:assert/strict";
import { CheckError } from "../check.ts";
import type { Edge } from "../oracle.ts";
import { ORACLES } from "./mod.ts";

export function judge(name: string, edge: Edge, carried?: unknown): void {
  const oracle = ORACLES.find((candidate) => candidate.name === name);
  assert.ok(oracle, `no oracle is called ${name}`);
  oracle.judge(edge, carried);
}

export function fails(name: string, edge: Edge, reason: RegExp, carried?: unknown): void {
  assert.throws(
    () => judge(name, edge, carried),
    (error) => error instanceof CheckError && reason.test(error.message),
  );
}
