import assert from "node:assert/strict";
import { test } from "node:test";
import { guid } from "../vmbus/mod.ts";
import { DATA_OCTETS_MAX, FILE_OCTETS_MAX, Nvram, savedVariables } from "./nvram.ts";
import { decodeNvramFile, type Variable } from "./nvram_file.ts";
import { openFromDisk, type Vmgs } from "./vmgs.ts";
import { newVmgsDisk } from "./vmgs_content.ts";
import { FILE } from "./vmgs_disk.ts";

const VENDOR = guid("5b3e9d4a-7c1f-4e28-9a60-3f7d2b8c1e55");

function variable(letter: string, length: number): Variable {
  return {
    vendor: VENDOR,
    name: Uint8Array.of(letter.charCodeAt(0), 0, 0, 0),
    data: new Uint8Array(length).fill(0x5a),
    timestamp: new Uint8Array(16),
    attr: 7,
  };
}

function store(): Vmgs {
  return openFromDisk(newVmgsDisk(0));
}

/** The names of variables that one letter has. */
function letters(variables: readonly Variable[]): string {
  return variables
    .filter(({ name }) => name.length === 4)
    .map(({ name }) => String.fromCharCode(name[0] ?? 0))
    .join("");
}

test("Nvram reads its file when it is first asked, and writes it whole", () => {
  const vmgs = store();
  const nvram = new Nvram(vmgs);
  const before = nvram.variables.length;
  assert.ok(before > 0);
  nvram.set(variable("b", 4));
  nvram.set(variable("a", 4));
  assert.equal(letters(nvram.variables), "ab");
  const file = decodeNvramFile(vmgs.read(FILE.biosNvram) ?? new Uint8Array(0));
  assert.deepEqual(file, nvram.variables);
  assert.equal(file.length, before + 2);
  assert.equal(nvram.remove(variable("a", 0)), true);
  assert.equal(nvram.remove(variable("a", 0)), false);
  assert.equal(letters(new Nvram(vmgs).variables), "b");
});

test("Nvram without a file begins empty, and keeps what is set", () => {
  const nvram = new Nvram(null);
  assert.deepEqual(nvram.variables, []);
  nvram.set(variable("a", 4));
  assert.equal(letters(nvram.save()), "a");
});

test("Nvram takes saved variables for the truth, and the file where none were saved", () => {
  const vmgs = store();
  const first = new Nvram(vmgs);
  first.set(variable("a", 4));
  const kept = new Nvram(vmgs);
  kept.restore([variable("z", 1)]);
  assert.equal(letters(kept.variables), "z");
  const read = new Nvram(vmgs);
  read.restore(null);
  assert.equal(letters(read.variables), "a");
});

test("Nvram that nobody has asked saves no variables at all", () => {
  const nvram = new Nvram(store());
  assert.ok(nvram.variables.length > 0);
  assert.deepEqual(nvram.save(), []);
});

test("Nvram of a restored state cannot make a variable shorter, until its file is written", () => {
  const nvram = new Nvram(store());
  nvram.restore([variable("a", 8), variable("b", 8)]);
  assert.equal(nvram.set(variable("a", 7)), "out of space");
  nvram.set(variable("b", 8));
  nvram.set(variable("a", 7));
  assert.equal(nvram.variables[0]?.data.length, 7);
});

test("Nvram without a file can make a variable shorter after a restore", () => {
  const nvram = new Nvram(null);
  nvram.restore([variable("a", 8)]);
  nvram.set(variable("a", 1));
  assert.equal(nvram.variables[0]?.data.length, 1);
});

test("Nvram keeps variables up to 32 KiB, and a file of 128 KiB", () => {
  const nvram = new Nvram(store());
  nvram.set(variable("a", DATA_OCTETS_MAX));
  assert.equal(nvram.set(variable("b", DATA_OCTETS_MAX + 1)), "variable data too long");
  for (const letter of "bc") nvram.set(variable(letter, DATA_OCTETS_MAX));
  const file = nvram.variables.reduce(
    (sum, { name, data }) => sum + 48 + name.length + data.length,
    0,
  );
  const rest = FILE_OCTETS_MAX - file - 48 - 4;
  assert.equal(nvram.set(variable("d", rest + 1)), "out of space");
  nvram.set(variable("d", rest));
});

test("Nvram shows no variables of a file that is corrupt, and refuses to change it", () => {
  const vmgs = store();
  vmgs.write(FILE.biosNvram, Uint8Array.of(1, 2, 3));
  const nvram = new Nvram(vmgs);
  assert.deepEqual(nvram.variables, []);
  assert.throws(() => nvram.set(variable("a", 1)), { name: "ChainError" });
});

test("savedVariables() tells no variables from no word on them", () => {
  assert.equal(savedVariables(undefined), null);
  assert.equal(savedVariables({ nvram: null }), null);
  assert.deepEqual(savedVariables({ nvram: [] }), []);
});
