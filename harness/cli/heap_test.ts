import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { HeapKeeper, makeRoomAfter } from "./heap.ts";

/** `act` where the runtime offers `gc`. */
function withCollection(gc: unknown, act: () => void): void {
  const before = Object.getOwnPropertyDescriptor(globalThis, "gc");
  Object.defineProperty(globalThis, "gc", { value: gc, configurable: true });
  try {
    act();
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, "gc");
    else Object.defineProperty(globalThis, "gc", before);
  }
}

/** How often the heap is given back while `act` goes on. */
function givenBy(act: () => void): number {
  let given = 0;
  const collect = ({ flavor }: { readonly flavor: string }) => {
    if (flavor === "last-resort") given++;
  };
  withCollection(collect, act);
  return given;
}

test("HeapKeeper.note gives the heap back after each 3,200 conditions", () => {
  const keeper = new HeapKeeper();
  const note = (conditions: number) => givenBy(() => keeper.note(conditions));
  assertEquals(
    [1, 3_199, 3_200, 3_201, 6_399, 6_500, 9_699, 9_700].map(note),
    [0, 0, 1, 0, 0, 1, 0, 1],
  );
});

test("makeRoomAfter gives the heap back after a long run only", () => {
  const given = (conditions: number) => givenBy(() => makeRoomAfter(conditions));
  assertEquals([0, 3_199, 3_200, 21_700].map(given), [0, 0, 1, 1]);
});

test("makeRoomAfter lets runtimes be that offer no collection", () => {
  withCollection(undefined, () => makeRoomAfter(1_000_000));
});
