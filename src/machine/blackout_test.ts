import assert from "node:assert/strict";
import { test } from "node:test";
import { Blackout } from "./blackout.ts";
import { VirtualClock } from "./clock.ts";

function begun() {
  const clock = new VirtualClock(7);
  const blackout = new Blackout(clock);
  blackout.begin();
  return { clock, blackout };
}

const shown = ({ phases }: Blackout) => phases.map(({ phase, us }) => `${phase} ${us}`);

test("Blackout adds up what each phase takes, in the order of the phases", () => {
  const { clock, blackout } = begun();
  clock.advance(1);
  blackout.enter("serialise");
  clock.advance(10);
  blackout.within("drain", () => clock.advance(100));
  clock.advance(20);
  blackout.within("drain", () => clock.advance(200));
  blackout.end();
  clock.advance(1_000);
  assert.deepEqual(shown(blackout), ["quiesce 1", "drain 300", "serialise 30"]);
});

test("Blackout.within() goes on with the phase before, whatever comes of what is in it", () => {
  const { clock, blackout } = begun();
  const fails = () => {
    clock.advance(5);
    throw new Error("expected");
  };
  assert.throws(() => blackout.within("drain", fails));
  clock.advance(3);
  blackout.end();
  assert.deepEqual(shown(blackout), ["quiesce 3", "drain 5"]);
});

test("Blackout has no phase that is not over, and none while the guest runs", () => {
  const { clock, blackout } = begun();
  blackout.enter("start");
  clock.advance(9);
  assert.deepEqual(shown(blackout), ["quiesce 0"]);
  blackout.end();
  blackout.within("drain", () => blackout.enter("decode"));
  assert.deepEqual(shown(blackout), ["quiesce 0", "start 9"]);
  blackout.begin();
  assert.deepEqual(shown(blackout), []);
});

test("Blackout.fork() goes on apart, by a clock of its own", () => {
  const { clock, blackout } = begun();
  clock.advance(2);
  const other = clock.fork();
  const copy = blackout.fork(other);
  other.advance(40);
  for (const each of [blackout, copy]) each.end();
  assert.deepEqual([shown(blackout), shown(copy)], [["quiesce 2"], ["quiesce 42"]]);
});
