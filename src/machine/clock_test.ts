import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "./clock.ts";
import { Panic } from "./failure.ts";

test("VirtualClock.advance() fires timers in order of time, then of arming", () => {
  const clock = new VirtualClock();
  const fired: string[] = [];
  clock.after(20, () => fired.push(`late at ${clock.nowUs}`));
  clock.after(10, () => fired.push(`first at ${clock.nowUs}`));
  clock.after(10, () => fired.push(`second at ${clock.nowUs}`));
  clock.advance(15);
  assert.deepEqual(fired, ["first at 10", "second at 10"]);
  assert.equal(clock.nowUs, 15);
  clock.advance(5);
  assert.deepEqual(fired.slice(2), ["late at 20"]);
});

test("VirtualClock.advance() fires a timer that another timer arms within the same step", () => {
  const clock = new VirtualClock();
  const fired: number[] = [];
  clock.after(10, () => clock.after(5, () => fired.push(clock.nowUs)));
  clock.advance(14);
  assert.deepEqual(fired, []);
  clock.advance(1);
  assert.deepEqual(fired, [15]);
});

test("VirtualClock.advance() lets a watchdog end the work at its own instant", () => {
  const clock = new VirtualClock();
  clock.after(7, () => {
    throw new Panic("servicing operation timed out");
  });
  assert.throws(() => clock.advance(100), { name: "Panic" });
  assert.equal(clock.nowUs, 7);
  clock.advance(100);
  assert.equal(clock.nowUs, 107);
});

test("Timer.cancel() disarms only its own timer, once", () => {
  const clock = new VirtualClock();
  const fired: string[] = [];
  const cancelled = clock.after(5, () => fired.push("cancelled"));
  clock.after(5, () => fired.push("kept"));
  assert.equal(clock.nextDueUs, 5);
  cancelled.cancel();
  cancelled.cancel();
  clock.advance(5);
  assert.deepEqual(fired, ["kept"]);
  assert.equal(clock.nextDueUs, null);
});

test("VirtualClock refuses to go back", () => {
  const clock = new VirtualClock();
  assert.throws(() => clock.advance(-1), /current value is -1$/);
  assert.throws(() => clock.advance(Number.NaN), /current value is NaN$/);
  assert.throws(() => clock.after(-1, () => {}), /current value is -1$/);
});
