/** Requests written by hand from the definition of the interface (origin: hand). */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decodeCall,
  METHODS,
  RequestError,
  readDebugInfo,
  readRequest,
  UPDATES,
  writeFailure,
  writeResult,
  XenopsError,
} from "./mod.ts";

function callOf(text: string) {
  return decodeCall(readRequest(text));
}

test("readRequest() and decodeCall() read what clients send", () => {
  assert.deepEqual(
    callOf(
      '{"method":"VM.start","params":[{"paused":false,"id":"7b719ce6",' +
        '"debug_info":"client-1"}],"id":1}',
    ),
    { method: "VM.start", params: { debug_info: "client-1", id: "7b719ce6", paused: false } },
  );
  assert.deepEqual(callOf('{"method":"UPDATES.get","params":[{"debug_info":"client-1"}],"id":3}'), {
    method: "UPDATES.get",
    params: { debug_info: "client-1" },
  });
});

test("readRequest() reads version 2 with parameters in a dict, in a list and with none", () => {
  const head = '{"jsonrpc":"2.0","method":"Task.list","id":"a"';
  const call = { method: "Task.list", params: { debug_info: "d" } };
  assert.deepEqual(callOf(`${head},"params":{"debug_info":"d"}}`), call);
  assert.deepEqual(callOf(`${head},"params":[{"debug_info":"d"}]}`), call);
  assert.deepEqual(readRequest(`${head}}`), { method: "Task.list", params: [] });
});

test("writeResult() and writeFailure() have the id 0, whatever was asked (W08)", () => {
  const updates = UPDATES.encode([
    [],
    [
      ["Vm", "7b719ce6"],
      ["Task", "12"],
    ],
    47,
  ]);
  assert.equal(
    writeResult(updates),
    '{"result":[[],[["Vm","7b719ce6"],["Task","12"]],47],"error":null,"id":0}',
  );
  assert.equal(
    writeFailure(new XenopsError("Does_not_exist", ["VM", "missing/config"])),
    '{"result":null,"error":["Does_not_exist",["VM","missing/config"]],"id":0}',
  );
  assert.equal(writeResult(METHODS["VM.remove"].result.encode(null)), writeResult(null));
});

test("W09: two methods have parameters by position, as older senders have", () => {
  assert.deepEqual(callOf('{"method":"VM.import_metadata","params":["d","{}"],"id":1}'), {
    method: "VM.import_metadata",
    params: { debug_info: "d", metadata: "{}" },
  });
  assert.deepEqual(callOf('{"method":"query","params":["d",null],"id":1}'), {
    method: "query",
    params: { debug_info: "d", unit: null },
  });
  assert.throws(() => callOf('{"method":"VM.stat","params":["d","u"],"id":1}'), /parameters/);
});

test("W10: the key for logs is the first line, with a trace or without", () => {
  const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  assert.deepEqual(readDebugInfo("VM.start R:1"), { log: "VM.start R:1" });
  assert.deepEqual(readDebugInfo(`VM.start\n${parent}`), { log: "VM.start", traceparent: parent });
  assert.deepEqual(readDebugInfo(`VM.start\n{"traceparent":"${parent}"}`), {
    log: "VM.start",
    traceparent: parent,
  });
  assert.deepEqual(readDebugInfo('VM.start\n{"baggage":"x"}'), { log: "VM.start" });
  assert.deepEqual(readDebugInfo("a\nb\nc"), { log: "a\nb\nc" });
  assert.deepEqual(readDebugInfo(""), { log: "" });
});

test("W11: a parameter that is missing is an Internal_error in one line", () => {
  let failure = "";
  try {
    callOf('{"method":"VM.start","params":[{"id":"u","debug_info":"d"}],"id":1}');
  } catch (error) {
    failure = writeFailure(error);
  }
  assert.equal(
    failure,
    '{"result":null,"error":["Internal_error","Cannot decode paused as a boolean: ' +
      'current value is absent"],"id":0}',
  );
});

const BAD: readonly (readonly [text: string, reason: RegExp])[] = [
  ["[]", /as a dict/],
  ['{"params":[],"id":1}', /with a method: current value is absent/],
  ['{"method":5,"params":[],"id":1}', /with a method: current value is bigint/],
  ['{"method":"query","params":[]}', /with an id: current value is absent/],
  ['{"method":"query","params":[],"id":null}', /with an id/],
  ['{"method":"query","params":[],"id":1.5}', /with an id: current value is number/],
  ['{"method":"query","params":{},"id":1}', /with parameters/],
  ['{"method":"query","id":1}', /with parameters: current value is absent/],
  ['{"jsonrpc":"1.0","method":"query","params":[],"id":1}', /version 2.0/],
  ['{"method":"vm.start","params":[{}],"id":1}', /must be known: current value is "vm.start"/],
  ['{"method":"toString","params":[{}],"id":1}', /must be known/],
];

for (const [text, reason] of BAD) {
  test(`a request is refused: ${text}`, () => {
    assert.throws(
      () => callOf(text),
      (error) => error instanceof RequestError && reason.test(error.message),
    );
  });
}
