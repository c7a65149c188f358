import assert from "node:assert/strict";
import { test } from "node:test";
import { nvmCommand } from "./command.ts";
import { type Flight, InFlight } from "./in_flight.ts";

function flight(cid: number, more: Partial<Flight> = {}): Flight {
  const command = nvmCommand("READ", 1);
  return { sqid: 1, cid, command, serviceUs: 10, reply: null, delayed: false, ...more };
}

/** Identifiers of what is done at `nowUs`. */
function done(inFlight: InFlight, nowUs: number): number[] {
  const cids: number[] = [];
  for (let next = inFlight.take(nowUs); next !== null; next = inFlight.take(nowUs)) {
    cids.push(next.cid);
  }
  return cids;
}

test("InFlight gives commands by their time, and by their coming at the same time", () => {
  const inFlight = new InFlight();
  inFlight.add(flight(1, { serviceUs: 20 }), 0);
  for (const cid of [2, 3]) inFlight.add(flight(cid), 0);
  assert.equal(inFlight.dueUs, 10);
  assert.deepEqual(done(inFlight, 9), []);
  assert.deepEqual(done(inFlight, 10), [2, 3]);
  assert.deepEqual(done(inFlight, 25), [1]);
  assert.equal(inFlight.dueUs, Number.POSITIVE_INFINITY);
});

test("InFlight.hold() keeps a queue's commands, new ones too, until release()", () => {
  const inFlight = new InFlight();
  inFlight.add(flight(1), 0);
  inFlight.add(flight(2, { sqid: 2 }), 0);
  inFlight.hold(1);
  inFlight.add(flight(3), 0);
  assert.deepEqual(done(inFlight, 1_000), [2]);
  inFlight.release(1_000, 2);
  assert.deepEqual(done(inFlight, 2_000), []);
  inFlight.release(2_000, 1);
  assert.equal(inFlight.dueUs, 2_010);
  assert.deepEqual(done(inFlight, 2_010), [1, 3]);
  inFlight.add(flight(4), 3_000);
  assert.equal(inFlight.dueUs, 3_010);
});

test("InFlight.release() without a queue releases all, but not what a fault delays", () => {
  const inFlight = new InFlight();
  for (const sqid of [1, 2]) inFlight.hold(sqid);
  inFlight.add(flight(1), 0);
  inFlight.add(flight(2, { sqid: 2 }), 0);
  inFlight.add(flight(3, { delayed: true }), 0);
  inFlight.release(100);
  assert.deepEqual(done(inFlight, 1_000), [1, 2]);
  inFlight.undelay(1_000);
  assert.deepEqual(done(inFlight, 1_010), [3]);
});

test("InFlight.hold() until an instant lets commands be done after it by themselves", () => {
  const inFlight = new InFlight();
  inFlight.add(flight(1), 0);
  inFlight.hold(1, 1_000);
  inFlight.add(flight(2), 500);
  assert.deepEqual(done(inFlight, 1_009), []);
  assert.deepEqual(done(inFlight, 1_010), [1, 2]);
  inFlight.add(flight(3), 2_000);
  assert.deepEqual(done(inFlight, 2_010), [3]);
});

test("InFlight.release() ends a hold before its instant", () => {
  const inFlight = new InFlight();
  inFlight.hold(1, 1_000);
  inFlight.add(flight(1), 0);
  const copy = inFlight.fork();
  inFlight.release(100, 1);
  assert.deepEqual(done(inFlight, 110), [1]);
  assert.deepEqual(done(copy, 110), []);
});

test("InFlight.undelay() does not end a hold", () => {
  const inFlight = new InFlight();
  inFlight.hold(1);
  inFlight.add(flight(1, { delayed: true }), 0);
  inFlight.undelay(0);
  assert.deepEqual(done(inFlight, 1_000), []);
  inFlight.release(1_000);
  assert.deepEqual(done(inFlight, 1_010), [1]);
});

test("InFlight.abort() finds what has not been executed, and only once", () => {
  const inFlight = new InFlight();
  inFlight.add(flight(1), 0);
  inFlight.add(flight(2, { reply: { status: 0, dw0: 0 } }), 0);
  assert.deepEqual(
    [inFlight.abort(1, 2), inFlight.abort(2, 1), inFlight.abort(1, 1), inFlight.abort(1, 1)],
    [false, false, true, false],
  );
});

test("InFlight.drop() takes out one queue, clear() everything but holds", () => {
  const inFlight = new InFlight();
  for (const cid of [1, 2]) inFlight.add(flight(cid, { sqid: cid }), 0);
  assert.deepEqual(
    inFlight.drop(1).map(({ cid }) => cid),
    [1],
  );
  assert.deepEqual([inFlight.cids(1), inFlight.cids(2)], [[], [2]]);
  inFlight.hold(2);
  inFlight.clear();
  inFlight.add(flight(3, { sqid: 2 }), 0);
  assert.deepEqual(done(inFlight, 1_000), []);
});

test("InFlight.fork() goes its own way", () => {
  const inFlight = new InFlight();
  inFlight.add(flight(1), 0);
  inFlight.hold(2);
  const copy = inFlight.fork();
  inFlight.clear();
  inFlight.release(0);
  copy.add(flight(2, { sqid: 2 }), 0);
  assert.deepEqual(done(copy, 1_000), [1]);
});

test("InFlight.hasIoFrom() tells of commands from before an instant, but not of admin ones", () => {
  const inFlight = new InFlight();
  inFlight.hold(0);
  inFlight.hold(1);
  inFlight.add(flight(1, { sqid: 0 }), 5);
  assert.equal(inFlight.hasIoFrom(6), false);
  inFlight.add(flight(2), 5);
  assert.equal(inFlight.hasIoFrom(5), false);
  assert.equal(inFlight.hasIoFrom(6), true);
  inFlight.release(6);
  done(inFlight, 1_000);
  assert.equal(inFlight.hasIoFrom(6), false);
});

test("InFlight.releaseIdle() goes on to hold queues with commands in flight, and no others", () => {
  const inFlight = new InFlight();
  for (const sqid of [1, 2]) inFlight.hold(sqid);
  inFlight.add(flight(1), 0);
  inFlight.releaseIdle();
  inFlight.add(flight(2), 0);
  inFlight.add(flight(3, { sqid: 2 }), 0);
  assert.deepEqual(done(inFlight, 1_000), [3]);
});
