import assert from "node:assert/strict";
import { test } from "node:test";
import { Views } from "./views.ts";

test("Views look once until something is done", () => {
  const views = new Views();
  let looks = 0;
  const look = () => {
    looks++;
    return undefined;
  };
  assert.deepEqual([views.of("a", look), views.of("a", look), looks], [undefined, undefined, 1]);
  views.of("b", look);
  assert.equal(looks, 2);
  views.forget();
  views.of("a", look);
  assert.equal(looks, 3);
});
