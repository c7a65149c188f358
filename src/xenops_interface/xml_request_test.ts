/** Bodies written by hand from the definition of the interface and of XML-RPC (origin: hand). */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decodeCall,
  RpcDict,
  type RpcValue,
  readXmlRequest,
  writeXmlFailure,
  writeXmlResult,
  XenopsError,
  XmlError,
} from "./mod.ts";

const START = `<?xml version="1.0"?>
<methodCall>
  <methodName>VM.start</methodName>
  <params>
    <param><value><struct>
      <member><name>paused</name><value><boolean>0</boolean></value></member>
      <member><name>id</name><value>u &lt;&#65;&#x42;&amp;&gt;</value></member>
      <member><name>debug_info</name><value><string>client-1</string></value></member>
    </struct></value></param>
  </params>
</methodCall>`;

function readValue(xml: string): RpcValue {
  const params = `<params><param>${xml}</param></params>`;
  const request = `<methodCall><methodName>m</methodName>${params}</methodCall>`;
  return readXmlRequest(request).params[0] as RpcValue;
}

test("readXmlRequest() reads what clients send", () => {
  assert.deepEqual(decodeCall(readXmlRequest(START)), {
    method: "VM.start",
    params: { debug_info: "client-1", id: "u <AB&>", paused: false },
  });
});

const VALUES: readonly (readonly [xml: string, value: RpcValue])[] = [
  ["<value>9007199254740993</value>", "9007199254740993"],
  ["<value><i8>9007199254740993</i8></value>", 9_007_199_254_740_993n],
  ["<value><int> -5 </int></value>", -5n],
  ["<value><double>0.25</double></value>", 0.25],
  ["<value><nil/></value>", null],
  ["<value/>", ""],
  ["<value></value>", ""],
  ["<value>  </value>", "  "],
  ["<value><string/></value>", ""],
  ["<value><array/></value>", []],
  ["<value><array><data/></array></value>", []],
  ["<value><array><data> <value>a</value> <value/></data></array></value>", ["a", ""]],
  ["<value><struct/></value>", new RpcDict([])],
  ["<value>a<!-- < & -->b</value>", "ab"],
];

for (const [xml, value] of VALUES) {
  test(`readXmlRequest() reads ${xml}`, () => {
    assert.deepEqual(readValue(xml), value);
  });
}

const OPEN = "<value><array><data>";
const BAD: readonly (readonly [xml: string, reason: string])[] = [
  ["", "<value>"],
  ["<value><i8>9223372036854775808</i8></value>", "a value of <i8>"],
  ["<value><boolean>yes</boolean></value>", "a value of <boolean>"],
  ["<value><double>NaN</double></value>", "a value of <double>"],
  ["<value><quux>1</quux></value>", "a value of <quux>"],
  ["<value>a<int>1</int></value>", "</value>"],
  ["<value>&nbsp;</value>", "an entity"],
  ["<value>&#xd800;</value>", "an entity"],
  ["<value>&#0;</value>", "an entity"],
  ["<value><string>a</value>", "</string>"],
  ["<value a='1'>x</value>", "a tag"],
  ["<value><struct><member><value/></member></struct></value>", "<name>"],
  ["<!DOCTYPE x><value/>", "a tag"],
  ["<value><!-- </value>", "-->"],
  [OPEN.repeat(66), "at most 64 values inside each other"],
];

for (const [xml, reason] of BAD) {
  test(`readXmlRequest() refuses ${xml.slice(0, 60)}`, () => {
    assert.throws(
      () => readValue(xml),
      (error) => {
        assert.ok(error instanceof XmlError, String(error));
        assert.ok(
          error.message.startsWith(`Cannot read XML as ${reason} at offset`),
          error.message,
        );
        return !error.message.includes("\n") && error.message.length < 160;
      },
    );
  });
}

test("writeXmlResult() and writeXmlFailure() write what the known implementation writes", () => {
  const head = '<?xml version="1.0"?><methodResponse><params><param><value><struct>';
  const tail = "</struct></value></param></params></methodResponse>";
  assert.equal(
    writeXmlResult([1n, 0.5, true, null, 'a<b>&"\u0001']),
    `${head}<member><name>Status</name><value>Success</value></member><member><name>Value</name>` +
      "<value><array><data><value>1</value><value><double>0.5</double></value>" +
      "<value><boolean>1</boolean></value><value><nil/></value>" +
      `<value>a&lt;b&gt;&amp;&quot;</value></data></array></value></member>${tail}`,
  );
  assert.equal(
    writeXmlFailure(new XenopsError("Cancelled", "12")),
    `${head}<member><name>Status</name><value>Failure</value></member>` +
      "<member><name>ErrorDescription</name><value><array><data><value>Cancelled</value>" +
      `<value>12</value></data></array></value></member>${tail}`,
  );
});
