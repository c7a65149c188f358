import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ChainError,
  childRestoreError,
  childSaveError,
  invalidSavedState,
  Panic,
  refusal,
  Stuck,
  withContext,
} from "./failure.ts";

test("ChainError renders its sources as upstream renders a chain", () => {
  const inner = invalidSavedState("pool ranges do not match");
  assert.equal(inner.message, "saved state is invalid: pool ranges do not match");
  assert.equal(
    childRestoreError("private pool restore failed", inner).message,
    "failed to restore child device private pool restore failed: " +
      "saved state is invalid: pool ranges do not match",
  );
  assert.equal(
    childSaveError("private pool save failed", new ChainError("why")).message,
    "failed to save child device private pool save failed: why",
  );
  assert.equal(inner.text, "saved state is invalid");
  assert.equal(inner.source?.message, "pool ranges do not match");
});

test("withContext() puts its text before an error and keeps results", () => {
  assert.equal(
    withContext("outer", () => 3),
    3,
  );
  const fails = () => {
    throw new ChainError("inner");
  };
  assert.throws(() => withContext("outer", fails), { message: "outer: inner" });
});

test("withContext() lets a panic, a hang and a programmer's error pass", () => {
  for (const error of [new Panic("assertion failed"), new Stuck("never"), new TypeError("bug")]) {
    const fails = () => {
      throw error;
    };
    assert.throws(() => withContext("outer", fails), error);
    assert.throws(() => refusal(error), error);
  }
});
