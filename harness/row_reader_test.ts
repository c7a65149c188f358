import assert from "node:assert/strict";
import { test } from "node:test";
import { RowReader } from "./row_reader.ts";

function read(reader: RowReader, line: string): unknown {
  return reader.read(Buffer.from(line));
}

test("RowReader reads a line as JSON.parse does", () => {
  const reader = new RowReader();
  const cells = '"cells":[{"scenario":"s/é⊘","verdict":"passed"}]';
  for (const line of [
    '{"type":"end","cells":3}',
    `{"type":"condition","name":"a",${cells}}`,
    `{"type":"condition","name":"b",${cells}}`,
    `{"type":"condition","name":"b",${cells},"adapterFault":"x"}`,
    `{${cells},"type":"condition"}`,
    `{"name":"x,\\"cells\\":[",${cells}}`,
    '{"name":"a","condition":{"a":1,"cells":[1]},"cells":[]}',
    '{"name":"a","cells":[],"cells":[1]}',
  ]) {
    for (let time = 0; time < 2; time++) {
      const entry = read(reader, line);
      assert.equal(JSON.stringify(entry), JSON.stringify(JSON.parse(line)));
    }
  }
});

test("RowReader shares equal cells, and only those", () => {
  const reader = new RowReader();
  const row = (verdict: string) => `"cells":[{"scenario":"s","verdict":"${verdict}"}]}`;
  const cells = ["passed", "passed", "failed"].map((verdict, index) => {
    const entry = read(reader, `{"type":"condition","name":"${index}",${row(verdict)}`);
    return (entry as { cells: unknown }).cells;
  });
  assert.equal(cells[1], cells[0]);
  assert.deepEqual(cells[2], [{ scenario: "s", verdict: "failed" }]);
});

test("RowReader keeps no octets of the line that it was given", () => {
  const reader = new RowReader();
  const [first, second] = ["s", "t"].map(
    (scenario) => `{"type":"condition","cells":[{"scenario":"${scenario}"}]}`,
  ) as [string, string];
  const line = Buffer.from(first);
  reader.read(line);
  line.write(second);
  assert.deepEqual(reader.read(line), JSON.parse(second));
});

test("RowReader throws for what is not JSON", () => {
  const reader = new RowReader();
  for (const line of [
    "",
    "broken",
    '{"a":1,"cells":[',
    '{"a":1,"cells":[]',
    '{"a":"b,"cells":[]}',
  ]) {
    assert.throws(() => read(reader, line), SyntaxError);
  }
});
