import assert from "node:assert/strict";
import { test } from "node:test";
import { goOn, leave, openAll, passPackets } from "./going_on.ts";
import { advanceTo, PROTOCOL_STEPS } from "./protocol_steps.ts";
import { TestBus } from "./test_bus.ts";

for (const relayed of [false, true]) {
  const bus = relayed ? "relayed bus" : "bus";
  test(`openAll() opens the channels of a ${bus}, and packets come back`, () => {
    const test = new TestBus({ relayed });
    assert.deepEqual(openAll(test.guest), []);
    assert.deepEqual(passPackets(test.guest, 300), []);
    assert.deepEqual(leave(test.guest), []);
    assert.deepEqual([...test.guest.complaints, ...test.guest.traffic.oddities], []);
  });

  for (const step of PROTOCOL_STEPS) {
    test(`advanceTo(${step}) on a ${bus}: the guest goes on without a save`, () => {
      const test = new TestBus({ relayed });
      advanceTo(test.guest, step, test);
      test.answerHeld();
      assert.deepEqual(goOn(test.guest), []);
      assert.deepEqual([...test.guest.complaints, ...test.guest.traffic.oddities], []);
    });

    test(`advanceTo(${step}) on a ${bus}: the guest goes on after a save and a restore`, () => {
      const test = new TestBus({ relayed });
      advanceTo(test.guest, step, test);
      test.service();
      test.answerHeld();
      assert.deepEqual(goOn(test.guest), []);
      assert.deepEqual([...test.guest.complaints, ...test.guest.traffic.oddities], []);
    });
  }
}
