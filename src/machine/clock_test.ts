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
  assert.equal(clock.nextDueUs, Number.POSITIVE_INFINITY);
});

test("VirtualClock refuses to go back", () => {
  const clock = new VirtualClock();
  assert.throws(() => clock.advance(-1), /current value is -1$/);
  assert.throws(() => clock.advance(Number.NaN), /current value is NaN$/);
  assert.throws(() => clock.after(-1, () => {}), /current value is -1$/);
});

/** A source with a list of instants. */
function sourceAt(clock: VirtualClock, instants: number[], fired: string[]) {
  return {
    get dueUs() {
      return instants[0] ?? Number.POSITIVE_INFINITY;
    },
    fire() {
      instants.shift();
      fired.push(`source at ${clock.nowUs}`);
    },
  };
}

test("VirtualClock.advance() fires sources and timers in order of time, sources first", () => {
  const clock = new VirtualClock();
  const fired: string[] = [];
  clock.after(10, () => fired.push(`timer at ${clock.nowUs}`));
  clock.attach(sourceAt(clock, [5, 10, 30], fired));
  clock.advance(20);
  assert.deepEqual(fired, ["source at 5", "source at 10", "timer at 10"]);
  assert.equal(clock.nextDueUs, 30);
});

test("VirtualClock.advanceUntil() stops at the event that brought it about", () => {
  const clock = new VirtualClock();
  const fired: string[] = [];
  clock.attach(sourceAt(clock, [5, 10], fired));
  assert.equal(
    clock.advanceUntil(() => fired.length === 1),
    true,
  );
  assert.equal(clock.nowUs, 5);
});

test("VirtualClock.advanceUntil() gives up at its limit, and when nothing can happen", () => {
  const clock = new VirtualClock();
  clock.attach(sourceAt(clock, [50], []));
  assert.equal(
    clock.advanceUntil(() => false, 49),
    false,
  );
  assert.equal(clock.nowUs, 49);
  assert.equal(
    clock.advanceUntil(() => false),
    false,
  );
  assert.equal(clock.nowUs, 50);
});

test("VirtualClock.fork() shows the same time and goes on apart", () => {
  const clock = new VirtualClock();
  clock.advance(7);
  const copy = clock.fork();
  copy.advance(3);
  assert.equal(clock.nowUs, 7);
  assert.equal(copy.nowUs, 10);
});

test("VirtualClock.fork() refuses to copy a timer, which is a function of somebody else", () => {
  const clock = new VirtualClock();
  clock.after(5, () => {});
  assert.throws(() => clock.fork(), /current value is 1$/);
});
