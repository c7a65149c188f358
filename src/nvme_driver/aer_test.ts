import assert from "node:assert/strict";
import { test } from "node:test";
import { AerHandler } from "./aer.ts";

const EVENT = 0x04_00_02;

function completion(cid: number, dw0: number, status = 0) {
  return { cid, dw0, status, sqid: 0, sqhd: 0 };
}

/** What the next taker is given. */
function next(handler: AerHandler): [number, number][] {
  const given: [number, number][] = [];
  handler.next((dw0, status) => given.push([dw0, status]));
  return given;
}

test("AerHandler wants a request until one is in flight, and again when it is answered", () => {
  const handler = new AerHandler();
  assert.equal(handler.wantsRequest, true);
  handler.await(5);
  assert.equal(handler.wantsRequest, false);
  handler.complete(completion(6, EVENT));
  assert.equal(handler.wantsRequest, false);
  handler.complete(completion(5, EVENT));
  assert.equal(handler.wantsRequest, true);
});

test("AerHandler gives an event to who waits, and keeps it for who comes later", () => {
  const handler = new AerHandler();
  const waiting = next(handler);
  handler.await(1);
  handler.complete(completion(1, EVENT));
  assert.deepEqual(waiting, [[EVENT, 0]]);
  assert.deepEqual(handler.save(), { last_aen: null, await_aen_cid: null });
  handler.await(2);
  handler.complete(completion(2, 7));
  assert.deepEqual(handler.save(), { last_aen: 7, await_aen_cid: null });
  assert.deepEqual(next(handler), [[7, 0]]);
  assert.deepEqual(next(handler), []);
});

test("AerHandler sends no request after one that failed, and says so to who asks", () => {
  for (const early of [true, false]) {
    const handler = new AerHandler();
    const waiting = early ? next(handler) : [];
    handler.await(1);
    handler.complete(completion(1, EVENT, 0x105));
    assert.deepEqual(early ? waiting : next(handler), [[early ? EVENT : 0, 0x105]]);
    assert.equal(handler.wantsRequest, false);
    assert.deepEqual(handler.save(), { last_aen: null, await_aen_cid: null });
  }
});

test("AerHandler.restore() waits for the request of the last hop, and has its event", () => {
  const handler = AerHandler.restore({ last_aen: EVENT, await_aen_cid: 0x401 });
  assert.equal(handler.wantsRequest, false);
  assert.deepEqual(next(handler), [[EVENT, 0]]);
  const waiting = next(handler);
  handler.complete(completion(0x401, 7));
  assert.deepEqual(waiting, [[7, 0]]);
});

test("AerHandler.restore() of a release that saved nothing starts anew", () => {
  for (const saved of [null, undefined]) {
    assert.equal(AerHandler.restore(saved).wantsRequest, true);
  }
});

test("AerHandler.await() panics on a second request", () => {
  const handler = new AerHandler();
  handler.await(3);
  assert.throws(() => handler.await(4), {
    name: "Panic",
    message: "already awaiting on AEN with cid 3",
  });
});
