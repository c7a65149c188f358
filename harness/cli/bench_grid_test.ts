import { test } from "node:test";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { call } from "./called.ts";
import { EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE } from "./exit.ts";

const FEW = ["--most", "6", "--passes", "1", "--paths", "pairs"];

test("bench prints a table of writers and readers for what sums it up", async () => {
  const { code, out } = await call(["bench", ...FEW]);
  assertEquals(code, EXIT_OK);
  assertMatch(out, /^counter: 6 conditions, 1 whole passes\n/);
  assertMatch(out, /\nsaved in B: p50 \/ p99 \/ maximum\nwriter \\ reader +1 /);
  assertMatch(out, /\nmetric +class +unit +least p50/);
});

test("bench grid answers JSON: the machine, every cost, what did not come up", async () => {
  const { out } = await call(["bench", "grid", ...FEW, "--json"]);
  const result = JSON.parse(out);
  assertEquals([result.type, result.schema, result.complete], ["performance-grid", 1, true]);
  assertMatch(result.machine.id, /^[0-9a-f]{12}$/);
  const cost = result.costs.find(({ metric }: { metric: string }) => metric === "saved");
  assertEquals([cost.class, cost.unit, cost.configuration], ["exact", "B", "all"]);
  assert(Array.isArray(result.failures));
});

test("bench grid prints what there is after an interrupt", async () => {
  const { code, out } = await call(["bench", "grid", ...FEW], { interrupt: true });
  assertEquals(code, EXIT_INTERRUPTED);
  assertMatch(out, /not all that were to be/);
});

test("bench grid says what it cannot use", async () => {
  const { code, err } = await call(["bench", "grid", "--budget", "soon"]);
  assertEquals(code, EXIT_USAGE);
  assertMatch(err, /a time must be like 90s or 3m: current value is soon/);
});
