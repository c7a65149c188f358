import assert from "node:assert/strict";
import { test } from "node:test";
import { newEnvironment, Panic } from "../machine/mod.ts";
import {
  DUMP_COLLECTION_US,
  deadlineUnused,
  deadlineWatched,
  TIMEOUT_DEFAULT_US,
  TIMEOUT_UNSET_US,
} from "./deadline.ts";

test("DeadlineRule of 1.7 and later takes 65535 s and more for no timeout at all", () => {
  assert.equal(deadlineWatched.timeout(TIMEOUT_UNSET_US - 1), TIMEOUT_UNSET_US - 1);
  assert.equal(deadlineWatched.timeout(TIMEOUT_UNSET_US), TIMEOUT_DEFAULT_US);
  assert.equal(deadlineWatched.timeout(TIMEOUT_UNSET_US + 1), TIMEOUT_DEFAULT_US);
  assert.equal(deadlineUnused.timeout(TIMEOUT_UNSET_US), TIMEOUT_UNSET_US);
});

test("DeadlineRule panics half a second before the deadline, and not a moment before", () => {
  const limitUs = 10_000_000;
  const early = newEnvironment();
  const justInTime = limitUs - DUMP_COLLECTION_US - 1;
  deadlineWatched.guard(early, limitUs, () => early.clock.advance(justInTime));
  const late = newEnvironment();
  assert.throws(
    () => deadlineWatched.guard(late, limitUs, () => late.clock.advance(justInTime + 1)),
    (error: Error) => error instanceof Panic && error.message === "servicing operation timed out",
  );
  assert.equal(late.clock.nowUs, limitUs - DUMP_COLLECTION_US);
});

test("DeadlineRule panics at once when less than the time for a dump is left", () => {
  const env = newEnvironment();
  const guard = () =>
    deadlineWatched.guard(env, DUMP_COLLECTION_US - 1, () => env.clock.advance(0));
  assert.throws(guard, Panic);
});

test("DeadlineRule dismisses its watchdog when the work ends, also by an error", () => {
  const env = newEnvironment();
  const failing = () =>
    deadlineWatched.guard(env, 1_000_000, () => {
      throw new TypeError("work");
    });
  assert.throws(failing, TypeError);
  env.clock.advance(10_000_000);
  assert.equal(env.clock.nextDueUs, Number.POSITIVE_INFINITY);
});

test("DeadlineRule of 2411 and 2505 lets any work go on", () => {
  const env = newEnvironment();
  deadlineUnused.guard(env, 1, () => env.clock.advance(1_000_000_000));
  assert.equal(env.clock.nowUs, 1_000_000_000);
});
