import assert from "node:assert/strict";
import { test } from "node:test";
import { Lent } from "./lent.ts";

function numbers(isGood: (number: number) => boolean) {
  const [made, removed]: [number[], number[]] = [[], []];
  const lent = new Lent<number>({
    make: () => made.push(made.length + 1),
    tidy: isGood,
    remove: (number) => void removed.push(number),
  });
  return { lent, made, removed };
}

test("Lent has a thing for the next one while another one is in use", () => {
  const { lent, made, removed } = numbers(() => true);
  const [first, second] = [lent.borrow(), lent.borrow()];
  lent.giveBack(second);
  assert.equal(lent.borrow(), second);
  lent.giveBack(second);
  assert.deepEqual([made, removed], [[1, 2], []]);
  lent.giveBack(first);
  assert.deepEqual(removed, [1, 2]);
  assert.equal(lent.borrow(), 3);
});

test("Lent removes a thing that is not as good as new", () => {
  const { lent, removed } = numbers((number) => number !== 2);
  const [first, second] = [lent.borrow(), lent.borrow()];
  lent.giveBack(second);
  assert.deepEqual(removed, [2]);
  assert.equal(lent.borrow(), 3);
  lent.giveBack(3);
  lent.giveBack(first);
  assert.deepEqual(removed, [2, 1, 3]);
});
