import assert from "node:assert/strict";
import { test } from "node:test";
import { cidOf, encodeCommand, nvmCommand } from "./command.ts";
import { PENDING_MAX, PendingCommands } from "./pending_commands.ts";

const READ = nvmCommand("READ", 1);

test("PendingCommands.insert() numbers by key and sequence", () => {
  const table = new PendingCommands(1);
  assert.deepEqual([table.insert(READ), table.insert(READ)], [0x000, 0x401]);
  table.remove(0x000);
  assert.equal(table.insert(READ), 0x800);
});

test("PendingCommands.insert() wraps the sequence after 64 commands", () => {
  const table = new PendingCommands(1);
  for (let index = 0; index < 64; index++) table.remove(table.insert(READ));
  assert.equal(table.insert(READ), 0);
});

test("PendingCommands is full at 1024 commands, not before", () => {
  const table = new PendingCommands(1);
  for (let index = 0; index < PENDING_MAX - 1; index++) table.insert(READ);
  assert.equal(table.full, false);
  table.insert(READ);
  assert.equal(table.full, true);
});

test("PendingCommands.remove() panics on an identifier that it has not given", () => {
  const table = new PendingCommands(3);
  assert.throws(() => table.remove(5), {
    name: "Panic",
    message: "completion for unknown cid: qid=3, cid=5",
  });
  table.insert(READ);
  assert.throws(() => table.remove(0x400), {
    message: /cid sequence number mismatch: qid=3, command_opcode=0x2$/,
  });
});

test("PendingCommands.restore() takes key and identifier from the command's octets", () => {
  const octets = encodeCommand(READ, 0x1403);
  octets[60] = 0xee; // An octet that this model does not know.
  const saved = { commands: [{ command: octets }], next_cid_high_bits: 0x1800, cid_key_bits: 7 };
  const table = PendingCommands.restore(saved, 1);
  assert.deepEqual(
    table.values().map(({ cid, opcode, restored }) => [cid, opcode, restored]),
    [[0x1403, 2, true]],
  );
  assert.equal(table.insert(READ), 0x1800);
  const again = table.save();
  assert.equal(again.next_cid_high_bits, 0x1c00);
  assert.equal(again.cid_key_bits, 10);
  assert.deepEqual(
    again.commands.map(({ command }) => cidOf(command)),
    [0x1800, 0x1403],
  );
  assert.equal(again.commands[1]?.command, octets);
});
