import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "./clock.ts";
import { newEnvironment } from "./environment.ts";
import { ChainError } from "./failure.ts";
import { Tracer } from "./trace.ts";

test("Tracer.span() records begin, end and correlation id, in order of start", () => {
  const clock = new VirtualClock();
  const tracer = new Tracer(clock);
  tracer.correlationId = "id";
  const result = tracer.span("outer", () => {
    clock.advance(2);
    tracer.span("inner", () => clock.advance(3));
    return "done";
  });
  assert.equal(result, "done");
  assert.deepEqual(tracer.spans(), [
    { name: "outer", correlationId: "id", startUs: 0, endUs: 5 },
    { name: "inner", correlationId: "id", startUs: 2, endUs: 5 },
  ]);
});

test("Tracer.spans() leaves out a span that has not ended, and keeps one that failed", () => {
  const clock = new VirtualClock();
  const tracer = new Tracer(clock);
  let seen = -1;
  tracer.span("open", () => {
    seen = tracer.spans().length;
  });
  assert.equal(seen, 0);
  const fails = () => {
    clock.advance(1);
    throw new ChainError("no");
  };
  assert.throws(() => tracer.span("failed", fails));
  const names = tracer.spans().map(({ name, endUs }) => `${name} ${endUs}`);
  assert.deepEqual(names, ["open 0", "failed 1"]);
});

test("newEnvironment() keeps the clock over hops and starts a new log", () => {
  const first = newEnvironment();
  first.log.warn("careful");
  first.clock.advance(4);
  const second = newEnvironment(first.clock);
  assert.equal(second.clock.nowUs, 4);
  assert.deepEqual(second.log.lines(), []);
  assert.deepEqual(first.log.lines(), [{ level: "warn", text: "careful" }]);
});
