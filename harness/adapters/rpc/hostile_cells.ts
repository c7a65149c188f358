/**
 * Cells in which a hostile adapter is met, for tests.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Target } from "../../configuration.ts";
import { scenario, suite } from "../../mod.ts";
import { planOf } from "../../plan.ts";
import { bindScenarios } from "../../program.ts";
import type { ConditionResult } from "../../report.ts";
import { Run } from "../../run.ts";
import { connectAdapter } from "./connect.ts";
import { ownCommand } from "./paths.ts";

const PROGRAM = new URL("./hostile_adapter.ts", import.meta.url);
const MIB = 1024 * 1024;

/** Behaviours of a save are met where `bad` writes. */
const SAVES = new Set(["no-base64", "no-blob", "frame-unasked", "endless-state"]);

const sees = scenario({
  name: "guest/sees",
  must: "A guest sees what it saw",
  source: "test",
  needs: ["observe"],
  before: ({ observe }) => observe.look(),
  async after({ observe }, was) {
    assert.deepEqual(await observe.look(), was);
  },
});

/** The program that behaves like that. */
export function hostileCommand(behaviour: string): readonly string[] {
  return ownCommand(PROGRAM, behaviour);
}

/** What becomes of a good cell, of the one that `behaviour` is met in, and of the next one. */
export async function cellsBeside(behaviour: string, target: Target): Promise<ConditionResult[]> {
  const connected = await connectAdapter(target, {
    folder: ".",
    harness: "test",
    timeoutMs: 2_000,
    jobs: 1,
    limits: {
      memoryBytes: 400 * MIB,
      messageBytes: 4 * MIB,
      logBytes: MIB,
      fileBytes: 8 * MIB,
      processes: 20,
    },
  });
  try {
    const { adapter, space } = connected;
    const met = SAVES.has(behaviour) ? "hostile@bad>1.0" : "hostile@1.0>bad";
    const names = ["hostile@1.0>2.0", met, "hostile@2.0>1.0"];
    const scenarios = bindScenarios([suite("any", [sees])]);
    const plans = names.map((name) => planOf(space, name));
    const plan = {
      ...(plans[0] as (typeof plans)[0]),
      planned: names.length,
      conditions: () => plans.flatMap((one) => [...one.conditions()]),
    };
    const run = new Run({
      adapter,
      space,
      scenarios,
      oracles: [],
      seed: 1,
      plan,
      expectations: [],
    });
    const results: ConditionResult[] = [];
    for await (const result of run.results()) results.push(result);
    return results;
  } finally {
    await connected.close();
  }
}
