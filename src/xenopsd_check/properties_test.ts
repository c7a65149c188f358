import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Quirk } from "../xenopsd/mod.ts";
import { addSample } from "./driver.ts";
import { OPERATIONS } from "./operations_table.ts";
import { drawOperation } from "./random_operation.ts";
import { sampleVm, sampleVusb } from "./sample_vm.ts";
import { unsoundOf } from "./verdict.ts";
import { Watch } from "./watch.ts";

/** What a client, or its operator, may do next. */
type Action =
  | { readonly do: "operation"; readonly index: number }
  | { readonly do: "call"; readonly draws: readonly number[] }
  | { readonly do: "host"; readonly index: number }
  | { readonly do: "cancel" | "destroy"; readonly task: number }
  | { readonly do: "step"; readonly count: number }
  | { readonly do: "crash" };

const DBG = { debug_info: "property" };

/** Calls that are about no VM, or about what is not there. */
const HOST_CALLS: readonly (readonly [string, object])[] = [
  ["query", { unit: null }],
  ["get_diagnostics", { unit: null }],
  ["Task.list", {}],
  ["HOST.stat", {}],
  ["HOST.set_worker_pool_size", { pool_size: 2 }],
  ["HOST.set_worker_pool_size", { pool_size: 5 }],
  ["VM.list", { unit: null }],
  ["VM.exists", { id: "none" }],
  ["VM.remove", { id: "vm" }],
  ["VM.add", { vm: sampleVm("vm") }],
  ["VM.start", { id: "none", paused: false }],
  ["VBD.plug", { id: ["none", "none"] }],
  ["UPDATES.get", { timeout: 1 }],
  ["UPDATES.get", { last_id: 3, timeout: 1 }],
  ["UPDATES.get", { last_id: 1_000_000, timeout: 1 }],
  ["DEBUG.trigger", { cmd: "set-cancel-trigger", args: ["property", "2"] }],
];

/** Those whose end is half of a domain, which only their client can make whole. */
const WHOLE = OPERATIONS.filter(({ method, isPart }) => {
  return !isPart && method !== "VM.destroy" && method !== "VM.create_device_model";
});

const index = (length: number) => fc.nat({ max: length - 1 });
const ACTION: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constant("operation" as const), index: index(WHOLE.length) }),
  fc.record({
    do: fc.constant("call" as const),
    draws: fc.array(fc.nat({ max: 999 }), { minLength: 8, maxLength: 8 }),
  }),
  fc.record({ do: fc.constant("host" as const), index: index(HOST_CALLS.length) }),
  fc.record({ do: fc.constantFrom("cancel", "destroy"), task: fc.nat({ max: 20 }) }),
  fc.record({ do: fc.constant("step" as const), count: fc.nat({ max: 60 }) }),
  fc.record({ do: fc.constant("crash" as const) }),
);

class Play {
  #watch: Watch;
  readonly #quirks: ReadonlySet<Quirk>;
  readonly #findings: string[] = [];
  #processes = 1;

  constructor(quirks: readonly Quirk[]) {
    this.#quirks = new Set(quirks);
    this.#watch = new Watch(undefined, { quirks: this.#quirks });
    addSample((method, params) => this.#call(method, params), "vm");
    this.#call("VUSB.add", { vusb: sampleVusb("vm") });
  }

  act(action: Action): void {
    if (action.do === "step") {
      for (let left = action.count; left > 0; left--) this.#watch.machine.step();
    } else if (action.do === "crash") this.#restart();
    else this.#call(...callOf(action));
  }

  /** What is broken in the end. */
  end(): readonly string[] {
    this.#watch.machine.runUntilIdle();
    this.#watch.quiet();
    const unsound = unsoundOf(this.#watch.machine.world, "vm");
    this.#keep();
    return unsound === undefined ? this.#findings : [...this.#findings, unsound];
  }

  #call(method: string, params: object): void {
    this.#watch.machine.call(method, { ...DBG, ...params });
  }

  #restart(): void {
    const { machine } = this.#watch;
    machine.crash();
    this.#keep();
    // Each process has a seed of its own, and so an id.
    const seed = ++this.#processes;
    const { world, clock } = machine;
    this.#watch = new Watch(world, { quirks: this.#quirks, seed, clock });
    this.#watch.machine.runUntilIdle();
  }

  #keep(): void {
    for (const { invariant, text } of this.#watch.findings.splice(0)) {
      this.#findings.push(`${invariant}: ${text}`);
    }
  }
}

function callOf(action: Exclude<Action, { do: "step" | "crash" }>): [string, object] {
  switch (action.do) {
    case "operation": {
      const { method, params } = WHOLE[action.index] as (typeof WHOLE)[number];
      return [method, params];
    }
    case "call": {
      const draws = [...action.draws];
      return drawOperation((limit) => (draws.shift() ?? 0) % limit, "vm");
    }
    case "host":
      return HOST_CALLS[action.index] as [string, object];
    default:
      return [`Task.${action.do}`, { id: `${action.task}` }];
  }
}

function brokenBy(actions: readonly Action[], ...quirks: Quirk[]): readonly string[] {
  const play = new Play(quirks);
  for (const action of actions) play.act(action);
  return play.end();
}

test("whatever clients do, and wherever it crashes, nothing is broken", {
  timeout: 120_000,
}, () => {
  const actions = fc.array(ACTION, { maxLength: 60 });
  fc.assert(
    fc.property(actions, (all) => assert.deepEqual(brokenBy(all), [])),
    { numRuns: 300, seed: 7 },
  );
});

test("a defect is shrunk to the one operation that shows it", { timeout: 120_000 }, () => {
  const actions = fc.array(ACTION, { maxLength: 60 });
  const property = fc.property(actions, (all) => brokenBy(all, "X2-never-active").length === 0);
  const { failed, counterexample } = fc.check(property, { numRuns: 300, seed: 7 });
  assert.ok(failed);
  assert.deepEqual(counterexample?.[0].length, 1, JSON.stringify(counterexample));
});
