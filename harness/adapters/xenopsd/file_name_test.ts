import assert from "node:assert/strict";
import { test } from "node:test";
import { fileNameOf, nameOfFile } from "./file_name.ts";

/** The name of a path in pieces. */
function nameOf(pieces: readonly string[]): string {
  return pieces
    .map((piece, index) => {
      const read = nameOfFile(piece);
      assert.equal(read?.more, index < pieces.length - 1);
      return read?.name;
    })
    .join("");
}

for (const [name, path] of [
  ["7b719ce6-0b17-9733-e8ee-dbc1e6e7b701", "7b719ce6-0b17-9733-e8ee-dbc1e6e7b701"],
  ["vbd.xvda", "vbd.xvda"],
  ["", "%"],
  [".", "%2e"],
  ["..", "%2e."],
  [".host", "%2ehost"],
  ["../../etc", "%2e.%2f..%2fetc"],
  ["a\0b", "a%00b"],
  ["100%", "100%25"],
  ["é", "%c3%a9"],
  ["~half-written", "%7ehalf-written"],
] as const) {
  test(`fileNameOf() makes ${path} of ${JSON.stringify(name)}, and nameOfFile() undoes it`, () => {
    assert.deepEqual(fileNameOf(name), [path]);
    assert.equal(nameOf([path]), name);
  });
}

test("names of any length come back, in pieces that file systems take", () => {
  for (let length = 195; length < 210; length++) {
    for (const part of ["a", "é", "%", "/", "€", "𝒳", "a.."]) {
      const name = `${"x".repeat(length % 7)}${part.repeat(length)}`;
      const pieces = fileNameOf(name);
      assert.ok(pieces.every((piece) => piece.length <= 201));
      assert.equal(nameOf(pieces), name);
    }
  }
});

test("nameOfFile() finds no name in a file of somebody else", () => {
  for (const piece of ["~half-written", "a b", "é", "%C3", "%ff", "%zz"]) {
    assert.equal(nameOfFile(piece), undefined);
  }
});
